// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stack traces by the frame pointers, in place of arch/um/kernel/stacktrace.c of the checking kernel. That looks at
 * every word of the stack, which is most of the work of a kernel that saves a trace for each allocation and lock.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/uaccess.h>
#include <asm/stacktrace.h>

struct walk {
	unsigned long frame; /* to look at next */
	unsigned long least; /* where it may be: callers' frames are above */
	unsigned long most;
};

static struct walk begin(struct task_struct *task)
{
	struct walk walk = {
		.frame = get_frame_pointer(task, task->thread.segv_regs),
		.least = (unsigned long)get_stack_pointer(task, task->thread.segv_regs),
	};

	walk.most = (walk.least | (THREAD_SIZE - 1)) + 1 - sizeof(struct stack_frame);
	return walk;
}

/* the address to which the next frame returns, or 0 behind the last one */
static unsigned long next(struct walk *walk)
{
	const unsigned long *frame = (const unsigned long *)walk->frame;
	unsigned long address;

	if (walk->frame < walk->least || walk->frame > walk->most)
		return 0;
	address = READ_ONCE_NOCHECK(frame[1]);
	walk->least = walk->frame + sizeof(struct stack_frame);
	walk->frame = READ_ONCE_NOCHECK(frame[0]);
	return __kernel_text_address(address) ? address : 0;
}

void dump_trace(struct task_struct *task, const struct stacktrace_ops *ops, void *data)
{
	struct walk walk = begin(task);
	unsigned long address;

	while ((address = next(&walk)))
		ops->address(data, address, 1);
}

void save_stack_trace_tsk(struct task_struct *task, struct stack_trace *trace)
{
	struct walk walk = begin(task);
	unsigned long address;

	while (trace->nr_entries < trace->max_entries && (address = next(&walk)))
		trace->entries[trace->nr_entries++] = address;
}
EXPORT_SYMBOL_GPL(save_stack_trace_tsk);

void save_stack_trace(struct stack_trace *trace)
{
	save_stack_trace_tsk(current, trace);
}
EXPORT_SYMBOL_GPL(save_stack_trace);
