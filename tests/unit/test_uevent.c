/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of the kernel about devices: which of them matter, and whose are believed. */
#include "cmocka_all.h"

#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/macros.h"
#include "daemon/uevent.h"

/* MATTERS("add@/x\0SUBSYSTEM=net") */
#define MATTERS(text) uevent_matters(text, sizeof(text) - 1)

static void test_what_matters(void **state)
{
	(void)state;
	assert_true(MATTERS("add@/devices/pci0000:00/0000:00:02.0\0ACTION=add\0SUBSYSTEM=pci"));
	assert_true(MATTERS("remove@/devices/pci0/net/eth0\0SUBSYSTEM=net\0SEQNUM=7\0"));
	assert_true(MATTERS("offline@/devices/system/cpu/cpu3\0SUBSYSTEM=cpu"));
	assert_true(MATTERS("bind@/devices/pci0/virtio1\0SUBSYSTEM=virtio"));
	assert_false(MATTERS("change@/devices/pci0/net/eth0\0SUBSYSTEM=net"));
	assert_false(MATTERS("add@/devices/virtual/net/veth0\0SUBSYSTEM=net"));
	assert_false(MATTERS("add@/devices/pci0/usb1\0SUBSYSTEM=usb"));
	assert_false(MATTERS("add@/x\0SUBSYSTEM=netx"));
	assert_false(MATTERS("add@/x\0XSUBSYSTEM=net"));
}

static void test_odd_ones(void **state)
{
	(void)state;
	assert_false(MATTERS(""));
	assert_false(MATTERS("\0\0\0"));
	assert_false(MATTERS("SUBSYSTEM"));
	assert_true(MATTERS("\0SUBSYSTEM=cpu")); /* no header: it is the kernel's all the same */
}

/* A message of another process, which only root can send, is not believed. */
static void test_not_the_kernel(void **state)
{
	static const char text[] = "add@/devices/pci0\0SUBSYSTEM=pci";
	const struct sockaddr_nl to = {.nl_family = AF_NETLINK, .nl_groups = 1};
	_cleanup_close_ int sender = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);
	_cleanup_close_ int fd = uevent_open();

	(void)state;
	if (fd < 0 || sender < 0)
		skip();
	assert_false(uevent_read(fd)); /* nothing waits, and it does not wait for it */
	if (sendto(sender, text, sizeof(text), 0, (const struct sockaddr *)&to, sizeof(to)) < 0)
		skip();
	assert_false(uevent_read(fd));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_matters),
		cmocka_unit_test(test_odd_ones),
		cmocka_unit_test(test_not_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
