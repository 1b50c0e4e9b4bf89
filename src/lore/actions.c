/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Actions of everything that is not network, storage or virtual machine, first part: USB, sound,
 * graphics, input, serial ports, clocks, performance counters. Chipset and board devices are in
 * actions_platform.c.
 */
#include "base/i18n.h"
#include "lore/lore.h"

#define ACTION(glob, sort, of)                                                                     \
	.group = LORE_ACTION, .key = glob, .kind = IRQ_KIND_##sort, .class = IRQ_CLASS_##of

static const char usb_by[] = N_("The USB controller, when a transfer is done or a device is "
				"plugged in or out.");
static const char usb_normal[] = N_("Zero when idle; up to 8,000 a second (one per microframe) "
				    "with audio, cameras or busy disks.");
static const char usb_high[] = N_("A device streams, or keeps disconnecting: dmesg shows "
				  "resets. On a line shared with others the row counts for all "
				  "of them.");
static const char usb_do[] = N_("lsusb -t and dmesg for the device; usbtop or usbmon for its "
				"traffic; unplug to prove it.");
static const char gpu_by[] = N_("The graphics chip: finished work, vertical blank, hot-plug of "
				"a monitor, faults.");
static const char gpu_normal[] = N_("Close to zero on a still screen, 60 to some thousand a "
				    "second while something is drawn or computed.");
static const char gpu_high[] = N_("Something draws or computes all the time. On an idle screen: "
				  "a flickering cable (hot-plug storm) or a fault loop; dmesg "
				  "tells.");
static const char gpu_do[] = N_("See who uses the GPU (intel_gpu_top, radeontop, nvidia-smi); "
				"check the monitor cable; keep the vector away from "
				"latency-critical CPUs.");
static const char uart_by[] = N_("The serial port: a character came in, or its FIFO wants more "
				 "to send.");
static const char uart_normal[] = N_("Zero when unused; up to some thousand a second at 115200 "
				     "baud.");
static const char uart_high[] = N_("A flood of console output, or a noisy open input line.");
static const char uart_do[] = N_("Lower the console log level (dmesg -n 4) or drop "
				 "console=ttyS0; stop the getty on an unconnected port.");
static const char tick_by[] = N_("The timer of the CPU, at the moment the kernel has programmed.");
static const char tick_normal[] = N_("Up to HZ (100 to 1000) a second on a busy CPU, far less "
				     "when idle or with nohz_full.");
static const char tick_high[] = N_("More than HZ: many high-resolution timers (short sleeps, "
				   "media, virtual machines).");
static const char tick_do[] = N_("Nothing to place: it belongs to each CPU. To quiet a CPU: "
				 "nohz_full=CPUS; find timers with perf trace or "
				 "/proc/timer_list.");

#define TEXT_USB_2_CONTROLLER                                                                      \
	.title = N_("USB 2 controller (EHCI)"),                                                    \
	.meaning = N_("high-speed devices on one USB 2 bus"),                                      \
	.what = N_("The host controller of USB 2 ports. Often its line is shared with other "      \
		   "devices."),                                                                    \
	.raised_by = usb_by, .normal = usb_normal, .high = usb_high, .todo = usb_do,               \
	.source = "drivers/usb/host/ehci-hcd.c (ehci_irq)"

#define TEXT_USB_1_CONTROLLER                                                                      \
	.title = N_("USB 1 controller"),                                                           \
	.meaning = N_("keyboards, mice and other slow USB devices"),                               \
	.what = N_("Companion controller for low and full speed devices. Virtual machines have "   \
		   "it for the emulated tablet."),                                                 \
	.raised_by = usb_by,                                                                       \
	.normal = N_("Zero when idle, up to 1,000 a second (one per frame)."), .high = usb_high,   \
	.todo = usb_do

#define TEXT_USB_CONTROLLER_EMBEDDED                                                               \
	.title = N_("USB controller of an embedded chip"),                                         \
	.meaning = N_("USB host or device port of the chip"),                                      \
	.what = N_("A USB controller inside a system-on-chip. dwc_otg and dwc2 interrupt at "      \
		   "every microframe (8,000 a second) as soon as a hub or a slow device is "       \
		   "connected."),                                                                  \
	.raised_by = usb_by,                                                                       \
	.normal = N_("Zero when idle; a constant 8,000 a second on dwc2 and dwc_otg with "         \
		     "devices connected."),                                                        \
	.high = usb_high, .todo = usb_do

#define TEXT_SOUND_CARD                                                                            \
	.title = N_("Sound card"),                                                                 \
	.meaning = N_("sound periods played or recorded, jacks plugged"),                          \
	.what = N_("The sound controller, mostly High Definition Audio; cardN is its ALSA "        \
		   "number. Graphics cards have one too for HDMI sound."),                         \
	.raised_by = N_("The sound controller at the end of each period, and when a codec "        \
			"reports."),                                                               \
	.normal = N_("Zero in silence, 10 to some hundred a second while playing."),               \
	.high = N_("Very short periods, as low-latency audio wants them; or the line is shared."), \
	.todo = N_("Raise the period of the sound server (PipeWire: default.clock.min-quantum).")

#define TEXT_INTEL_GRAPHICS                                                                        \
	.title = N_("Intel graphics"),                                                             \
	.meaning = N_("drawing, display refresh and monitor events (Intel)"),                      \
	.what = N_("One vector for all engines and displays of an Intel GPU."),                    \
	.raised_by = gpu_by, .normal = gpu_normal, .high = gpu_high, .todo = gpu_do

#define TEXT_AMD_GRAPHICS                                                                          \
	.title = N_("AMD graphics"),                                                               \
	.meaning = N_("drawing, display refresh and monitor events (AMD)"),                        \
	.what = N_("One vector for all engines and displays of an AMD GPU; compute jobs (ROCm) "   \
		   "use it too."),                                                                 \
	.raised_by = gpu_by, .normal = gpu_normal, .high = gpu_high, .todo = gpu_do

#define TEXT_NVIDIA_GRAPHICS                                                                       \
	.title = N_("NVIDIA graphics"),                                                            \
	.meaning = N_("drawing, compute and monitor events (NVIDIA)"),                             \
	.what = N_("nvidia is NVIDIA's own driver, nvkm (older: nouveau) the kernel's. Compute "   \
		   "jobs that wait by polling cause none."),                                       \
	.raised_by = gpu_by, .normal = gpu_normal, .high = gpu_high, .todo = gpu_do

#define TEXT_VIRTUAL_GRAPHICS_CARD                                                                 \
	.title = N_("Virtual graphics card"),                                                      \
	.meaning = N_("finished drawing commands of a virtual display"),                           \
	.what = N_("The display of a virtual machine (VMware, SPICE)."),                           \
	.raised_by = N_("The hypervisor, when it has taken over drawing commands."),               \
	.normal = gpu_normal, .high = gpu_high, .todo = N_("Run no desktop on a server.")

#define TEXT_GRAPHICS_EMBEDDED_CHIP                                                                \
	.title = N_("Graphics of an embedded chip"),                                               \
	.meaning = N_("drawing jobs and display refresh of the chip"),                             \
	.what = N_("The GPU or display controller of a system-on-chip (Mali, VideoCore, Adreno, "  \
		   "MediaTek)."),                                                                  \
	.raised_by = gpu_by, .normal = gpu_normal, .high = gpu_high, .todo = gpu_do

#define TEXT_TOUCHPAD_BUTTON_REMOTE                                                                \
	.title = N_("Touchpad, button or remote control"),                                         \
	.meaning = N_("touches, button presses, infrared codes"),                                  \
	.what = N_("A touchpad or touchscreen on I2C (named by its ACPI id), a button on a GPIO "  \
		   "line, a keypad, or an infrared receiver."),                                    \
	.raised_by = N_("The device, when it is touched."),                                        \
	.normal = N_("Zero when not touched, 60 to 200 a second while in use."),                   \
	.high = N_("Without touching anything: an interrupt storm of a badly described line, "     \
		   "which keeps a CPU awake and drains the battery."),                             \
	.todo = N_("evtest; update the BIOS; unbind the driver in sysfs to prove it.")

#define TEXT_SERIAL_PORT                                                                           \
	.title = N_("Serial port"), .meaning = N_("characters in or out on a serial port"),        \
	.what = N_("A UART. The row of a PC port appears only while some program or the console "  \
		   "has it open."),                                                                \
	.raised_by = uart_by, .normal = uart_normal, .high = uart_high, .todo = uart_do

#define TEXT_TIMER_EACH_CPU                                                                        \
	.title = N_("Timer of each CPU (ARM, RISC-V)"), .meaning = N_("timer tick of each CPU"),   \
	.what = N_("The per-CPU clock event: scheduler tick and high-resolution timers. It has "   \
		   "the place that LOC has on x86."),                                              \
	.raised_by = tick_by, .normal = tick_normal, .high = tick_high, .todo = tick_do

#define TEXT_TIMER_EMBEDDED_CHIP                                                                   \
	.title = N_("Timer of an embedded chip"),                                                  \
	.meaning = N_("timer tick of the chip or of a CPU"),                                       \
	.what = N_("A clock event device of an ARM or other embedded chip: one per CPU, or one "   \
		   "for all that the others are woken from."),                                     \
	.raised_by = N_("The timer, at the moment the kernel has programmed."),                    \
	.normal = tick_normal, .high = tick_high, .todo = N_("Nothing: it is the clock.")

#define TEXT_PRECISION_CLOCK                                                                       \
	.title = N_("Precision clock"),                                                            \
	.meaning = N_("time stamps and pulses of a PTP clock or time card"),                       \
	.what = N_("A PTP hardware clock or a time card (GNSS, pulse per second) reports time "    \
		   "stamps."),                                                                     \
	.raised_by = N_("The clock, at each pulse or time stamp."),                                \
	.normal = N_("About one a second per enabled pulse."), .high = N_("A noisy input pulse."), \
	.todo = N_("testptp or phc_ctl; check the cable.")

#define TEXT_PERFORMANCE_COUNTER_INTERRUPT                                                         \
	.title = N_("Performance counter interrupt"),                                              \
	.meaning = N_("performance counter overflow (ARM, or an uncore unit)"),                    \
	.what = N_("A performance counter has overflowed: perf takes a sample, and the hard "      \
		   "lockup detector uses it too. It has the place that PMI has on x86."),          \
	.raised_by = N_("The performance unit of the CPU or of the memory controller."),           \
	.normal = N_("Zero without perf."), .high = N_("perf samples at a high frequency."),       \
	.todo = N_("Lower perf's -F, or stop it.")

const struct lore lore_actions[] = {
	{
		ACTION("xhci[-_]hcd*", DEVICE, USB),
		.title = N_("USB 3 controller"),
		.meaning = N_("all devices on one USB 3 controller"),
		.what = N_("The xHCI host controller, for USB 1 to 4 devices. Several rows can "
			   "belong to one controller, of which mostly only the first counts."),
		.raised_by = usb_by,
		.normal = usb_normal,
		.high = usb_high,
		.todo = usb_do,
		.source = "drivers/usb/host/xhci-ring.c (xhci_msi_irq), xhci-pci.c",
	},
	{ACTION("ehci_hcd:*", DEVICE, USB), TEXT_USB_2_CONTROLLER},
	{ACTION("ehci-*", DEVICE, USB), TEXT_USB_2_CONTROLLER},
	{ACTION("ohci_hcd:*", DEVICE, USB), TEXT_USB_1_CONTROLLER,
	 .source = "drivers/usb/host/ohci-hcd.c (ohci_irq)"},
	{ACTION("uhci_hcd:*", DEVICE, USB), TEXT_USB_1_CONTROLLER,
	 .source = "drivers/usb/host/uhci-hcd.c (uhci_irq)"},
	{ACTION("dwc[23]*", DEVICE, USB), TEXT_USB_CONTROLLER_EMBEDDED,
	 .source = "drivers/usb/dwc3/gadget.c (dwc3_interrupt), drivers/usb/dwc2/core_intr.c "
		   "(dwc2_handle_common_intr)"},
	{ACTION("dwc_otg*", DEVICE, USB), TEXT_USB_CONTROLLER_EMBEDDED,
	 .source = "drivers/usb/dwc2/core_intr.c (dwc2_handle_common_intr)"},
	{ACTION("musb*", DEVICE, USB), TEXT_USB_CONTROLLER_EMBEDDED,
	 .source = "drivers/usb/musb/musb_core.c (musb_interrupt)"},
	{ACTION("*hcd:usb[0-9]*", DEVICE, USB), TEXT_USB_CONTROLLER_EMBEDDED,
	 .source = "drivers/usb/core/hcd.c (usb_hcd_request_irqs)"},
	{ACTION("*.usb*", DEVICE, USB), TEXT_USB_CONTROLLER_EMBEDDED,
	 .source = "drivers/usb/dwc2/platform.c (dwc2_driver_probe)"},
	{ACTION("mt_usb", DEVICE, USB), TEXT_USB_CONTROLLER_EMBEDDED,
	 .source = "drivers/usb/musb/mediatek.c (generic_interrupt)"},
	{ACTION("snd_*", DEVICE, AUDIO), TEXT_SOUND_CARD,
	 .source = "sound/pci/hda/hda_intel.c (azx_acquire_irq)"},
	{ACTION("HDA Intel", DEVICE, AUDIO), TEXT_SOUND_CARD,
	 .source = "sound/pci/hda/hda_intel.c (azx_acquire_irq)"},
	{ACTION("Intel 8280*-ICH*", DEVICE, AUDIO), TEXT_SOUND_CARD,
	 .source = "sound/pci/intel8x0.c (snd_intel8x0_interrupt)"},
	{
		ACTION("AudioDSP", DEVICE, AUDIO),
		.title = N_("Audio processor of a laptop"),
		.meaning = N_("messages of the sound processor"),
		.what = N_("The digital signal processor that handles sound and microphones on "
			   "newer laptops."),
		.raised_by = N_("The audio DSP: period ends and messages of its firmware."),
		.normal = N_("Zero in silence, 10 to some hundred a second while playing."),
		.high = N_("Very short periods."),
		.todo = N_("Raise the period of the sound server (PipeWire: "
			   "default.clock.min-quantum)."),
		.source = "sound/soc/sof/intel/hda.c (hda_dsp_interrupt_handler)",
	},
	{ACTION("i915", DEVICE, DISPLAY), TEXT_INTEL_GRAPHICS,
	 .source = "drivers/gpu/drm/i915/i915_irq.c (intel_irq_install)"},
	{ACTION("xe", DEVICE, DISPLAY), TEXT_INTEL_GRAPHICS,
	 .source = "drivers/gpu/drm/xe/xe_irq.c (xe_irq_install)"},
	{ACTION("amdgpu", DEVICE, DISPLAY), TEXT_AMD_GRAPHICS,
	 .source = "drivers/gpu/drm/amd/amdgpu/amdgpu_irq.c (amdgpu_irq_handler)"},
	{ACTION("radeon*", DEVICE, DISPLAY), TEXT_AMD_GRAPHICS,
	 .source = "drivers/gpu/drm/radeon/radeon_irq_kms.c (radeon_driver_irq_handler_kms)"},
	{ACTION("nvidia*", DEVICE, DISPLAY), TEXT_NVIDIA_GRAPHICS,
	 .source = "kernel-open/nvidia/nv.c (nvidia_isr) of NVIDIA's open-gpu-kernel-modules"},
	{ACTION("nvkm", DEVICE, DISPLAY), TEXT_NVIDIA_GRAPHICS,
	 .source = "drivers/gpu/drm/nouveau/nvkm/core/intr.c (nvkm_intr)"},
	{ACTION("nouveau", DEVICE, DISPLAY), TEXT_NVIDIA_GRAPHICS,
	 .source = "drivers/gpu/drm/nouveau/nvkm/core/intr.c (nvkm_intr)"},
	{ACTION("vmwgfx", DEVICE, DISPLAY), TEXT_VIRTUAL_GRAPHICS_CARD,
	 .source = "drivers/gpu/drm/vmwgfx/vmwgfx_irq.c (vmw_irq_handler)"},
	{ACTION("qxl", DEVICE, DISPLAY), TEXT_VIRTUAL_GRAPHICS_CARD,
	 .source = "drivers/gpu/drm/qxl/qxl_irq.c (qxl_irq_handler)"},
	{ACTION("panfrost-*", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source = "drivers/gpu/drm/panfrost/panfrost_job.c (panfrost_job_irq_handler)"},
	{ACTION("panthor-*", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source = "drivers/gpu/drm/panthor/panthor_device.h (PANTHOR_IRQ_HANDLER)"},
	{ACTION("v3d*", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source = "drivers/gpu/drm/v3d/v3d_irq.c (v3d_irq)"},
	{ACTION("vc4*", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source = "drivers/gpu/drm/vc4/vc4_hvs.c (vc4_hvs_irq_handler)"},
	{ACTION("mali*", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source = "drivers/gpu/drm/panfrost/panfrost_gpu.c (panfrost_gpu_irq_handler), beside "
		   "Arm's own driver"},
	{ACTION("lima*", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source = "drivers/gpu/drm/lima/lima_gp.c (lima_gp_irq_handler)"},
	{ACTION("gpu-irq", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source = "drivers/gpu/drm/msm/msm_gpu.c (gpu-irq)"},
	{ACTION("mtk_disp*", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source = "drivers/gpu/drm/mediatek/mtk_disp_ovl.c (mtk_disp_ovl_irq_handler)"},
	{ACTION("mtkfb", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source = "drivers/gpu/drm/mediatek/mtk_disp_ovl.c (mtk_disp_ovl_irq_handler), mtkfb's "
		   "successor"},
	{ACTION("SGX ISR", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source = "services4/srvkm/env/linux/osfunc.c (OSInstallDeviceLISR) of Imagination's own "
		   "driver"},
	{ACTION("bcm2708_fb*", DEVICE, DISPLAY), TEXT_GRAPHICS_EMBEDDED_CHIP,
	 .source =
		 "drivers/video/fbdev/bcm2708_fb.c (bcm2708_fb_dma_irq) of Raspberry Pi's kernel"},
	{
		ACTION("i8042", DEVICE, INPUT),
		.title = N_("Keyboard and mouse controller"),
		.meaning = N_("PS/2 keyboard (IRQ 1), mouse or touchpad (IRQ 12)"),
		.what = N_("The PC keyboard controller: one interrupt per byte. Laptop "
			   "keyboards and touchpads often still hang on it."),
		.raised_by = N_("The controller, for each byte from the keyboard or the "
				"pointing device."),
		.normal = N_("Two to six per key press, up to some hundred a second while the "
			     "mouse moves."),
		.high = N_("Without touching anything: a stuck key or a noisy touchpad."),
		.todo = N_("Check with libinput debug-events or evtest; i8042.nopnp and similar "
			   "options in rare cases."),
		.source = "drivers/input/serio/i8042.c (i8042_interrupt)",
	},
	{ACTION("ELAN*", DEVICE, INPUT), TEXT_TOUCHPAD_BUTTON_REMOTE,
	 .source = "drivers/hid/i2c-hid/i2c-hid-core.c (i2c_hid_irq)"},
	{ACTION("SYNA*", DEVICE, INPUT), TEXT_TOUCHPAD_BUTTON_REMOTE,
	 .source = "drivers/hid/i2c-hid/i2c-hid-core.c (i2c_hid_irq)"},
	{ACTION("WACF*", DEVICE, INPUT), TEXT_TOUCHPAD_BUTTON_REMOTE,
	 .source = "drivers/hid/i2c-hid/i2c-hid-core.c (i2c_hid_irq)"},
	{ACTION("gpio_keys", DEVICE, INPUT), TEXT_TOUCHPAD_BUTTON_REMOTE,
	 .source = "drivers/input/keyboard/gpio_keys.c (gpio_keys_gpio_isr)"},
	{ACTION("keys", DEVICE, INPUT), TEXT_TOUCHPAD_BUTTON_REMOTE,
	 .source = "drivers/input/joystick/sensehat-joystick.c (sensehat_joystick_report)"},
	{ACTION("*-kpd", DEVICE, INPUT), TEXT_TOUCHPAD_BUTTON_REMOTE,
	 .source = "drivers/input/keyboard/mt6779-keypad.c (mt6779_keypad_irq_handler)"},
	{ACTION("*-cir", DEVICE, INPUT), TEXT_TOUCHPAD_BUTTON_REMOTE,
	 .source = "drivers/media/rc/mtk-cir.c (mtk_ir_irq)"},
	{ACTION("ttyS[0-9]*", DEVICE, SERIAL), TEXT_SERIAL_PORT,
	 .source = "drivers/tty/serial/8250/8250_core.c (serial8250_interrupt)"},
	{ACTION("ttyAMA[0-9]*", DEVICE, SERIAL), TEXT_SERIAL_PORT,
	 .source = "drivers/tty/serial/amba-pl011.c (pl011_int)"},
	{ACTION("*uart*", DEVICE, SERIAL), TEXT_SERIAL_PORT,
	 .source = "drivers/tty/serial/amba-pl011.c (pl011_int)"},
	{ACTION("*serial*", DEVICE, SERIAL), TEXT_SERIAL_PORT,
	 .source = "drivers/tty/serial/sifive.c (sifive_serial_irq)"},
	{
		ACTION("parport[0-9]*", DEVICE, SERIAL),
		.title = N_("Parallel port"),
		.meaning = N_("printer port handshake"),
		.what = N_("The acknowledge line of the parallel port."),
		.raised_by = N_("A printer, when it has taken a byte."),
		.normal = N_("Zero."),
		.high = N_("An open input line picks up noise."),
		.todo = N_("Disable the port in the firmware."),
		.source = "drivers/parport/parport_pc.c (parport_irq_handler)",
	},
	{
		ACTION("timer", DEVICE, TIMER),
		.title = N_("System timer (x86 IRQ 0), or the CPU tick"),
		.meaning = N_("boot-time clock of x86; on MIPS and others the tick"),
		.what = N_("On x86 the PIT or HPET on IRQ 0. It runs only until the local APIC "
			   "timers take over, or when deep sleep states stop those (then the "
			   "tick is broadcast from here). On MIPS and some others it is the tick "
			   "of each CPU."),
		.raised_by = N_("The PIT, the HPET, or the CPU's own timer."),
		.normal = N_("x86: a small number that stands still after boot. Elsewhere: up "
			     "to HZ a second per CPU."),
		.high = N_("x86: the local APIC timer is not used (apic=off, or an idle state "
			   "stops it), so all ticks load one CPU."),
		.todo = N_("grep -A3 Broadcast /proc/timer_list; remove noapic and nolapic from "
			   "the command line; IRQ 0 cannot be moved on x86."),
		.source = "arch/x86/kernel/time.c (timer_interrupt)",
	},
	{ACTION("arch_timer", DEVICE, TIMER), TEXT_TIMER_EACH_CPU,
	 .source = "drivers/clocksource/arm_arch_timer.c (arch_timer_handler_virt)"},
	{ACTION("riscv-timer", DEVICE, TIMER), TEXT_TIMER_EACH_CPU,
	 .source = "drivers/clocksource/timer-riscv.c (riscv_timer_interrupt)"},
	{ACTION("clint-timer", DEVICE, TIMER), TEXT_TIMER_EACH_CPU,
	 .source = "drivers/clocksource/timer-clint.c (clint_timer_interrupt)"},
	{ACTION("twd", DEVICE, TIMER), TEXT_TIMER_EMBEDDED_CHIP,
	 .source = "arch/arm/kernel/smp_twd.c (twd_handler)"},
	{ACTION("gt", DEVICE, TIMER), TEXT_TIMER_EMBEDDED_CHIP,
	 .source = "drivers/clocksource/arm_global_timer.c (gt_clockevent_interrupt)"},
	{ACTION("gp_timer", DEVICE, TIMER), TEXT_TIMER_EMBEDDED_CHIP,
	 .source = "drivers/clocksource/timer-qcom.c (msm_timer_interrupt)"},
	{ACTION("MCT", DEVICE, TIMER), TEXT_TIMER_EMBEDDED_CHIP,
	 .source = "drivers/clocksource/exynos_mct.c (exynos4_mct_tick_isr)"},
	{ACTION("mct_*", DEVICE, TIMER), TEXT_TIMER_EMBEDDED_CHIP,
	 .source = "drivers/clocksource/exynos_mct.c (exynos4_mct_tick_isr)"},
	{ACTION("*per_cpu_tick", DEVICE, TIMER), TEXT_TIMER_EMBEDDED_CHIP,
	 .source = "drivers/clocksource/timer-armada-370-xp.c (armada_370_xp_timer_interrupt)"},
	{ACTION("*clockevent*", DEVICE, TIMER), TEXT_TIMER_EMBEDDED_CHIP,
	 .source = "drivers/clocksource/timer-ti-dm-systimer.c (dmtimer_clockevent_interrupt)"},
	{ACTION("timer-*", DEVICE, TIMER), TEXT_TIMER_EMBEDDED_CHIP,
	 .source = "drivers/clocksource/timer-of.c (timer_of_irq_init)"},
	{ACTION("*[-_.]timer*", DEVICE, TIMER), TEXT_TIMER_EMBEDDED_CHIP,
	 .source = "drivers/clocksource/timer-of.c (timer_of_irq_init)"},
	{ACTION("mt*-gpt", DEVICE, TIMER), TEXT_TIMER_EMBEDDED_CHIP,
	 .source = "drivers/clocksource/timer-mediatek.c (mtk_gpt_interrupt)"},
	{
		ACTION("hpet[0-9]*", DEVICE, TIMER),
		.title = N_("HPET timer of one CPU"),
		.meaning = N_("timer tick from the HPET"),
		.what = N_("A comparator of the HPET, used as a CPU's clock where its local "
			   "APIC timer stops in deep sleep; also given to programs by /dev/hpet."),
		.raised_by = N_("The HPET, at the moment the kernel has programmed."),
		.normal = N_("Zero on CPUs whose own timer never stops (arat in /proc/cpuinfo), "
			     "else up to HZ."),
		.high = N_("Old CPUs in deep idle states."),
		.todo = N_("Nothing: it is the clock."),
		.source = "arch/x86/kernel/hpet.c (hpet_msi_interrupt_handler)",
	},
	{
		ACTION("*rtc*", DEVICE, TIMER),
		.title = N_("Real-time clock"),
		.meaning = N_("alarm or periodic interrupt of the hardware clock"),
		.what = N_("The battery-backed clock (IRQ 8 on PCs). It interrupts for alarms "
			   "(rtcwake) and for programs that ask for a periodic signal."),
		.raised_by = N_("The clock chip, when an alarm or period is due."),
		.normal = N_("0 or 1."),
		.high = N_("Up to 8192 a second: a program uses the periodic interrupt, or HPET "
			   "emulation of it does."),
		.todo = N_("fuser -v /dev/rtc0."),
		.source = "drivers/rtc/rtc-cmos.c (rtc_cmos_int_handler)",
	},
	{ACTION("ptp*", DEVICE, TIMER), TEXT_PRECISION_CLOCK,
	 .source = "drivers/ptp/ptp_pch.c (isr)"},
	{ACTION("ocp[0-9]*", DEVICE, TIMER), TEXT_PRECISION_CLOCK,
	 .source = "drivers/ptp/ptp_ocp.c (ptp_ocp_ts_irq)"},
	{ACTION("arm*pmu*", DEVICE, PERF), TEXT_PERFORMANCE_COUNTER_INTERRUPT,
	 .source = "drivers/perf/arm_pmu.c (armpmu_dispatch_irq)"},
	{ACTION("*[-_]pmu*", DEVICE, PERF), TEXT_PERFORMANCE_COUNTER_INTERRUPT,
	 .source = "drivers/perf/hisilicon/hisi_uncore_pmu.c (hisi_uncore_pmu_isr)"},
	{
		ACTION("IPI*", IPI, IPI),
		.title = N_("Inter-processor interrupt with a number"),
		.meaning = N_("another CPU wants a function run or a task scheduled"),
		.what = N_("On MIPS and some others IPIs use ordinary interrupt numbers: call "
			   "runs a function here, resched starts a task that became runnable."),
		.raised_by = N_("The kernel on another CPU."),
		.normal = N_("Tens to thousands a second, with the wake-up rate."),
		.high = N_("Tasks wake each other across CPUs very often, or memory maps change "
			   "a lot."),
		.todo = N_("Keep tasks that talk to each other on the same CPUs (taskset, "
			   "cpusets)."),
		.source = "arch/mips/kernel/smp.c (mips_smp_ipi_allocate)",
	},
	{.key = NULL},
};
