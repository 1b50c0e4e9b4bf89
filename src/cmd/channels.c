/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/channels.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/channels.h"
#include "base/i18n.h"
#include "base/macros.h"
#include "parse/channels.h"

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* An interface that has rx and tx channels at present keeps that kind. */
static bool is_combined(const struct channels *channels)
{
	return channels->combined || (!channels->rx && !channels->tx);
}

static uint32_t most_of(const struct channels *channels)
{
	uint32_t most = channels->combined_max;

	if (!is_combined(channels) && channels->rx_max && channels->tx_max)
		most = smaller(channels->rx_max, channels->tx_max);
	else if (!is_combined(channels))
		most = channels->rx_max + channels->tx_max;
	return smaller(most, CHANNELS_MAX);
}

/* What n channels mean for the counts. */
static uint64_t wanted_of(const struct channels *channels, uint32_t n)
{
	struct channel_counts counts = {channels->rx, channels->tx, channels->combined};

	if (is_combined(channels)) {
		counts.combined = n;
	} else {
		counts.rx = channels->rx_max ? n : 0;
		counts.tx = channels->tx_max ? n : 0;
	}
	return channels_pack(&counts);
}

static int read_dump(struct machine *machine, struct buf *dump)
{
	int r = source_read(machine->source, "netlink/ethtool/channels-get", dump);

	if (r == 0)
		return 0;
	if (r == -ENOMEM)
		return out_of_memory();
	if (r == -ENOENT)
		complain(
			machine->source->live
				? _("spread: --channels: this kernel does not tell channels; Linux "
				    "5.6 and newer ones do")
				: _("spread: --channels: this recording has no channels "
				    "(netlink/ethtool/channels-get)"));
	else
		complain(_("spread: --channels: the channels cannot be read: %s"),
			 r == -ENOSYS ? _("irqctl was built without libmnl") : strerror(-r));
	return EXIT_FAILED;
}

static int plan_one(const struct buf *dump, const char *interface, uint64_t n,
		    struct change *change)
{
	struct channels channels;

	if (channels_find(dump->data, dump->len, interface, &channels) < 0 || !most_of(&channels)) {
		complain(_("spread: --channels: the driver of %s has no channels that could be "
			   "set"),
			 interface);
		return EXIT_USAGE;
	}
	if (n > most_of(&channels)) {
		complain(_("spread: --channels: %s can have at most %" PRIu32 ", not %" PRIu64),
			 interface, most_of(&channels), n);
		return EXIT_USAGE;
	}
	*change = (struct change){
		.setting = {.kind = SETTING_CHANNELS, .interface = interface},
		.wanted_number = wanted_of(&channels, (uint32_t)n),
		.before_number = channels_pack(&(const struct channel_counts){
			channels.rx, channels.tx, channels.combined}),
		.has_before = true,
		.note = "as --channels says",
	};
	if (change->before_number == change->wanted_number)
		change->state = CHANGE_UNCHANGED;
	return 0;
}

int channels_plan(struct machine *machine, const struct strv *interfaces, uint64_t n,
		  struct change **ret_changes)
{
	_cleanup_(buf_done) struct buf dump = {0};
	_cleanup_free_ struct change *changes = calloc(interfaces->n + 1, sizeof(*changes));
	int r;

	if (!changes)
		return out_of_memory();
	r = read_dump(machine, &dump);
	for (size_t i = 0; i < interfaces->n && r == 0; i++)
		r = plan_one(&dump, interfaces->items[i], n, &changes[i]);
	if (r == 0)
		*ret_changes = take_ptr(changes);
	return r;
}

static bool is_due(const struct change *change)
{
	return change->setting.kind == SETTING_CHANNELS && change->state == CHANGE_PLANNED;
}

/* Reads what is set. Returns how many of the changes are to be made, or -ENOMEM. */
static int64_t read_due(struct applier *applier, struct change *changes, size_t n)
{
	int64_t n_due = 0;

	for (size_t i = 0; i < n; i++) {
		int r = is_due(&changes[i]) ? apply_read(applier, &changes[i]) : 0;

		if (r == -ENOMEM)
			return r;
		if (r < 0) {
			changes[i].state = r == -ENOENT ? CHANGE_GONE : CHANGE_REFUSED;
			changes[i].error = -r;
		}
		n_due += is_due(&changes[i]);
	}
	return n_due;
}

/* First all channels, which is the order in which they are put back. */
static int keep(struct machine *machine, struct applier *applier, const struct change *changes,
		size_t n, struct record *undo)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		if (is_due(&changes[i]))
			r = record_add_before(undo, &machine->model, &changes[i]);
	}
	for (size_t i = 0; i < n && r == 0; i++) {
		if (is_due(&changes[i]))
			r = record_add_interface(undo, applier, &machine->model,
						 changes[i].setting.interface);
	}
	return r < 0 ? out_of_memory() : changes_keep(undo, true);
}

static int complain_of(const struct change *change, const struct buf *said)
{
	_cleanup_(buf_done) struct buf counts = {0};

	if (channels_format(change->wanted_number, &counts) < 0)
		return -ENOMEM;
	complain(_("%s: %s channels: refused: %s"), change->setting.interface, buf_text(&counts),
		 said->len ? buf_text(said) : strerror(change->error));
	return 0;
}

/* Writes one and looks what the driver made of it. 0 or -ENOMEM. */
static int make_one(struct applier *applier, struct change *change)
{
	_cleanup_(buf_done) struct buf said = {0};
	uint64_t now;
	int r;

	applier->said = &said;
	r = apply_write(applier, change, 1, false);
	applier->said = NULL;
	if (r < 0)
		return r;
	if (change->error)
		return complain_of(change, &said);
	if (channels_read(applier->source, change->setting.interface, &now) == 0 &&
	    now != change->wanted_number) {
		change->state = CHANGE_REFUSED;
		change->why = N_("its driver has set another number of channels");
	}
	return 0;
}

static int read_again(const struct context *context, struct machine *machine)
{
	machine_done(machine);
	*machine = (struct machine){0};
	return machine_read(context, machine);
}

int channels_make(const struct context *context, struct machine *machine, struct change *changes,
		  size_t n, struct record *undo)
{
	struct applier applier = applier_live(machine->source);
	int64_t n_due = read_due(&applier, changes, n);
	int r = 0;

	if (n_due <= 0)
		return n_due < 0 ? out_of_memory() : 0;
	if (undo)
		r = keep(machine, &applier, changes, n, undo);
	if (r)
		return r;
	for (size_t i = 0; i < n && r == 0; i++) {
		if (is_due(&changes[i]))
			r = make_one(&applier, &changes[i]);
	}
	return r < 0 ? out_of_memory() : read_again(context, machine);
}

static void free_changes(struct change *changes, size_t n)
{
	for (size_t i = 0; i < n && changes; i++)
		change_done(&changes[i]);
	free(changes);
}

int channels_take_back(const struct context *context, struct machine *machine,
		       const struct record *undo)
{
	const struct change_options options = {.is_undo = true};
	struct change *changes = NULL;
	struct applier applier;
	int r = channels_restore(context, machine, &options, undo, NULL, &changes);

	if (r || !changes)
		return r;
	applier = applier_live(machine->source);
	for (size_t i = 0; i < undo->n && r >= 0; i++) {
		if (changes[i].state == CHANGE_PLANNED)
			r = apply_read(&applier, &changes[i]) == -ENOMEM ? -ENOMEM : 0;
	}
	if (r >= 0)
		r = apply_write(&applier, changes, undo->n, false);
	free_changes(changes, undo->n);
	if (r < 0)
		return out_of_memory();
	if (r > 0) {
		complain(_("not all of it could be taken back; 'irqctl restore --last' tries "
			   "again"));
		return EXIT_FAILED;
	}
	unlink(UNDO_STARTED);
	return 0;
}

/* What the machine of the record has of an interface, whose channels are not yet back. */
static bool is_later(const struct record *record, size_t at, const struct machine *machine,
		     const char *interface)
{
	const struct record_entry *entry = &record->entries[at];

	if (entry->setting.interface)
		return strcmp(entry->setting.interface, interface) == 0;
	for (size_t i = 0; i < machine->snapshot.n_devices && entry->device; i++) {
		const struct device *device = &machine->snapshot.devices[i];
		const char *key = device->parent ? device->parent : device->address;

		for (size_t k = 0; k < device->interfaces.n; k++) {
			if (strcmp(device->interfaces.items[k], interface) == 0 &&
			    strcmp(key, entry->device) == 0)
				return true;
		}
	}
	return false;
}

static void mark_later(const struct record *record, const struct machine *machine,
		       struct change *changes)
{
	for (size_t i = 0; i < record->n; i++) {
		if (!is_due(&changes[i]))
			continue;
		for (size_t k = 0; k < record->n; k++) {
			if (changes[k].setting.kind == SETTING_CHANNELS ||
			    !is_later(record, k, machine, changes[i].setting.interface))
				continue;
			changes[k].later = true;
			changes[k].state = CHANGE_PLANNED;
			changes[k].note = "after the channels";
		}
	}
}

/* All changes of the record on the machine as it is now; what came of the channels stays known. */
static int changes_after(const struct record *record, const struct machine *machine,
			 struct change *first, struct change **ret_changes)
{
	struct change *changes = NULL;

	if (record_changes(record, &machine->model, &changes) < 0 || !changes)
		return out_of_memory();
	for (size_t i = 0; i < record->n; i++) {
		if (first[i].setting.kind != SETTING_CHANNELS)
			continue;
		change_done(&changes[i]);
		changes[i] = first[i];
		first[i] = (struct change){0};
	}
	*ret_changes = changes;
	return 0;
}

int channels_restore(const struct context *context, struct machine *machine,
		     const struct change_options *options, const struct record *record,
		     struct record *undo, struct change **ret_changes)
{
	struct applier applier = applier_live(machine->source);
	struct change *first = NULL;
	int r;

	if (record_changes(record, &machine->model, &first) < 0 || !first)
		return out_of_memory();
	if (!record_has_channels(record, NULL)) {
		*ret_changes = first;
		return 0;
	}
	if (options->dry_run) {
		if (read_due(&applier, first, record->n) < 0) {
			free_changes(first, record->n);
			return out_of_memory();
		}
		mark_later(record, machine, first);
		*ret_changes = first;
		return 0;
	}
	r = channels_make(context, machine, first, record->n, undo);
	if (r == 0)
		r = changes_after(record, machine, first, ret_changes);
	free_changes(first, record->n);
	return r;
}
