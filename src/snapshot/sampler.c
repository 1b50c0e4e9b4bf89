/* SPDX-License-Identifier: BSD-2-Clause */
#include "snapshot/sampler.h"

#include <errno.h>
#include <stdlib.h>

#include "parse/cpulist.h"
#include "snapshot/internal.h"

enum {
	REQUESTED,
	EFFECTIVE,
	N_SETS,
};

/* Lists came with Linux 3.0; a recording may hold masks only. */
static const char *const list_names[N_SETS] = {"smp_affinity_list", "effective_affinity_list"};
static const char *const mask_names[N_SETS] = {"smp_affinity", "effective_affinity"};

struct sampler_set {
	struct source_file file; /* closed: without a path */
	bool is_mask;
};

#define WAYS  4u  /* slots that an interrupt may have */
#define LIVES 16u /* so many times others may want it before the next one gets it */

struct sampler_slot {
	int32_t irq; /* meaningful where a file is open */
	unsigned int lives;
	struct sampler_set sets[N_SETS];
};

static void slot_close(struct sampler_slot *slot)
{
	for (size_t i = 0; i < N_SETS; i++)
		source_file_close(&slot->sets[i].file);
}

static void close_slots(struct sampler *sampler)
{
	for (size_t i = 0; i < SAMPLER_SLOTS; i++)
		slot_close(&sampler->slots[i]);
}

int sampler_open(struct source *source, struct sampler *ret)
{
	struct sampler sampler = {.source = source};
	uint32_t mode;
	int r;

	sampler.is_freebsd =
		source_mode(source, "proc/stat", &mode) < 0 && snapshot_is_freebsd(source);
	if (sampler.is_freebsd) {
		*ret = sampler;
		return 0;
	}
	r = source_file_open(source, "proc/stat", &sampler.stat);
	if (r < 0)
		return r;
	sampler.slots = calloc(SAMPLER_SLOTS, sizeof(*sampler.slots));
	if (!sampler.slots) {
		source_file_close(&sampler.stat);
		return -ENOMEM;
	}
	*ret = sampler;
	return 0;
}

void sampler_close(struct sampler *sampler)
{
	if (sampler->slots)
		close_slots(sampler);
	free(sampler->slots);
	source_file_close(&sampler->stat);
	buf_done(&sampler->text);
	snapshot_done(&sampler->seen);
	*sampler = (struct sampler){0};
}

static int read_text(struct sampler *sampler, struct source_file *file)
{
	int r;

	buf_cut(&sampler->text, 0);
	r = source_file_read(file, &sampler->text);
	return r == 0 && !sampler->text.len ? -ENODATA : r;
}

int sampler_take(struct sampler *sampler, struct sample *sample)
{
	const struct buf *text = &sampler->text;
	int r;

	if (sampler->is_freebsd)
		return freebsd_sampler_take(sampler, sample);
	r = read_text(sampler, &sampler->stat);
	sample->mono_ns = snapshot_mono(sampler->source);
	sample->n_cpus = sample->n_counts = 0;
	if (r == 0)
		r = proc_stat_cpus(text->data, text->len, &sample->cpus, &sample->n_cpus,
				   &sample->cap_cpus);
	if (r == 0)
		r = proc_stat_counts(text->data, text->len, &sample->counts, &sample->n_counts,
				     &sample->cap_counts);
	return r;
}

void sample_done(struct sample *sample)
{
	free(sample->cpus);
	free(sample->counts);
	*sample = (struct sample){0};
}

static int open_file(struct sampler *sampler, int32_t irq, const char *name,
		     struct source_file *ret)
{
	_cleanup_(buf_done) struct buf path = {0};
	int r = buf_printf(&path, "proc/irq/%d/%s", irq, name);

	if (r == 0)
		r = source_file_open(sampler->source, path.data, ret);
	if (r != -EMFILE && r != -ENFILE)
		return r;
	close_slots(sampler); /* kept files are a convenience, and others need descriptors too */
	return source_file_open(sampler->source, path.data, ret);
}

static int open_set(struct sampler *sampler, int32_t irq, size_t which, struct sampler_set *set)
{
	int r = open_file(sampler, irq, list_names[which], &set->file);

	set->is_mask = r == -ENOENT;
	return set->is_mask ? open_file(sampler, irq, mask_names[which], &set->file) : r;
}

static int read_set(struct sampler *sampler, struct sampler_slot *slot, size_t which,
		    struct cpuset *cpus)
{
	struct sampler_set *set = &slot->sets[which];
	const struct buf *text = &sampler->text;
	int r = set->file.path ? 0 : open_set(sampler, slot->irq, which, set);

	if (r < 0)
		return r;
	r = read_text(sampler, &set->file);
	if (r < 0) {
		source_file_close(&set->file);
		return r;
	}
	return set->is_mask ? cpumask_parse(text->data, text->len, cpus)
			    : cpulist_parse(text->data, text->len, cpus);
}

/* Those that are asked for often keep their slot, and the others use the spare one. */
static struct sampler_slot *slot_of(struct sampler *sampler, int32_t irq,
				    struct sampler_slot *spare)
{
	struct sampler_slot *found = spare;

	for (uint32_t way = 0; way < WAYS; way++) {
		struct sampler_slot *slot = &sampler->slots[((uint32_t)irq + way) % SAMPLER_SLOTS];

		if (slot->lives && slot->irq == irq) {
			found = slot;
			break;
		}
		if (!slot->lives)
			found = slot;
		else
			slot->lives--;
	}
	if (found->irq != irq)
		slot_close(found);
	found->irq = irq;
	found->lives = LIVES;
	return found;
}

static int read_sets(struct sampler *sampler, struct sampler_slot *slot, const struct cpuset *known,
		     struct cpuset *requested, struct cpuset *effective)
{
	int r = read_set(sampler, slot, REQUESTED, requested);

	if (r < 0)
		return r;
	if (known && cpuset_equal(requested, known))
		return 1;
	r = read_set(sampler, slot, EFFECTIVE, effective);
	if (r < 0 && r != -ENOENT)
		return r;
	if (r == 0 && cpuset_next(effective, 0) >= 0)
		return 0;
	cpuset_done(effective);
	return cpuset_count(requested) == 1 ? cpuset_copy(effective, requested) : 0;
}

int sampler_affinity(struct sampler *sampler, int32_t irq, const struct cpuset *known,
		     struct cpuset *requested, struct cpuset *effective)
{
	struct sampler_slot spare = {0};
	int r;

	if (sampler->is_freebsd)
		return freebsd_sampler_affinity(sampler, irq, requested, effective);
	r = read_sets(sampler, slot_of(sampler, irq, &spare), known, requested, effective);
	slot_close(&spare);
	return r;
}

int sampler_table(struct sampler *sampler, struct irq_table *ret_table, uint64_t *ret_mono_ns)
{
	struct irq_table table = {0};
	struct irq_parse_error error;
	int r = sampler->is_freebsd ? freebsd_sampler_table(sampler, &table)
				    : snapshot_read_table(sampler->source, &table, NULL, &error);

	if (r < 0) {
		irq_table_done(&table);
		return r;
	}
	*ret_table = table;
	*ret_mono_ns = snapshot_mono(sampler->source);
	return 0;
}
