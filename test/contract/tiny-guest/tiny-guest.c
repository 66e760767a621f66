/*
 * The smallest guest that a hypervisor can be tried with: it boots in a fraction of a second without KVM, says so on
 * its console, and then does what a machine can do. A kernel for QEMU's -kernel (Multiboot 1), without an initrd.
 *
 *     power button (ACPI)   powers off, like a system with logind
 *     key o                 powers off by itself
 *     key p                 panics, and says so to pvpanic
 *     key r                 reboots
 *     key d                 writes 64 KiB to its console
 *     word "deaf" in its arguments: it ignores the power button
 *     word "waits" in its arguments: it says that its agent waits for an identity
 *
 * Console: COM1. Addresses are those of QEMU's x86 machines with SeaBIOS, which puts the power management registers at
 * 0x600 (src/fw/dev-q35.h, dev-piix.h) and leaves the processor's keyboard controller usable by polling.
 */
#include <stdbool.h>
#include <stdint.h>

#define MULTIBOOT_MAGIC 0x1badb002u
#define MULTIBOOT_HAS_ARGUMENTS (1u << 2)

#define COM1 0x3f8
#define KEYBOARD_DATA 0x60
#define KEYBOARD_STATUS 0x64
#define PM1_STATUS 0x600
#define PM1_ENABLE 0x602
#define PM1_CONTROL 0x604
#define PM1_POWER_BUTTON (1u << 8)
#define PM1_SLEEP_S5 (1u << 13)
#define PVPANIC 0x505
#define PVPANIC_PANICKED 1
#define RESET_CONTROL 0xcf9
#define RESET_NOW 6
#define INTERRUPTS 0x20
#define INTERRUPT_MASKS 0x21
#define ALL_BUT_TIMER 0xfe
#define FLAT_CODE 0x08
#define FLAT_DATA 0x10
#define FIRST_INTERRUPT 0x20

struct multiboot_info {
	uint32_t flags, mem_lower, mem_upper, boot_device, arguments;
};

__attribute__((section(".multiboot"), used)) static const uint32_t header[] = {
	MULTIBOOT_MAGIC, 0, -MULTIBOOT_MAGIC,
};

static void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void out16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static uint16_t in16(uint16_t port)
{
	uint16_t value;

	__asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void say(const char *text)
{
	for (; *text != '\0'; text++) {
		while (!(in8(COM1 + 5) & 0x20))
			;
		out8(COM1, (uint8_t)*text);
	}
}

static bool contains(const char *text, const char *word)
{
	for (; *text != '\0'; text++) {
		const char *at = text, *wanted = word;

		while (*wanted != '\0' && *at == *wanted)
			at++, wanted++;
		if (*wanted == '\0')
			return true;
	}
	return false;
}

struct __attribute__((packed)) table {
	uint16_t limit;
	uint32_t base;
};

static const uint64_t segments[] = { 0, 0x00cf9a000000ffff, 0x00cf92000000ffff };
static uint64_t gates[FIRST_INTERRUPT + 8];

__attribute__((naked)) static void on_timer(void)
{
	__asm__ volatile("pushl %eax; movb $0x20, %al; outb %al, $0x20; popl %eax; iret");
}

/* The timer ticks 18 times a second, as the firmware has left it: between two ticks the machine's processor is free. */
static void start_timer(void)
{
	const struct table segment_table = { sizeof(segments) - 1, (uint32_t)segments };
	const struct table gate_table = { sizeof(gates) - 1, (uint32_t)gates };
	const uint32_t handler = (uint32_t)on_timer;

	__asm__ volatile("lgdt %0; ljmp %1, $1f; 1: movw %w2, %%ds; movw %w2, %%es; movw %w2, %%ss"
			 : : "m"(segment_table), "i"(FLAT_CODE), "r"(FLAT_DATA) : "memory");
	gates[FIRST_INTERRUPT] = (uint64_t)(handler & 0xffff0000) << 32 | 0x8e0000000000 | FLAT_CODE << 16 |
				 (handler & 0xffff);
	__asm__ volatile("lidt %0" : : "m"(gate_table) : "memory");
	/* The interrupt controller's four words of initialisation (8259A): vectors from 0x20, a second one at line 2. */
	out8(INTERRUPTS, 0x11);
	out8(INTERRUPT_MASKS, FIRST_INTERRUPT);
	out8(INTERRUPT_MASKS, 4);
	out8(INTERRUPT_MASKS, 1);
	out8(INTERRUPT_MASKS, ALL_BUT_TIMER);
	__asm__ volatile("sti");
}

static void power_off(void)
{
	say("tiny guest: power off\r\n");
	out16(PM1_CONTROL, PM1_SLEEP_S5);
}

static void panic(void)
{
	say("tiny guest: Kernel panic - not syncing: asked for\r\n");
	out8(PVPANIC, PVPANIC_PANICKED);
}

static void write_much(void)
{
	for (int line = 0; line < 1024; line++)
		say("tiny guest: a line of exactly sixty-four bytes on its console.\r\n");
}

/* Scan codes of set 1, as the keyboard controller translates them. */
static void press(uint8_t scan_code)
{
	switch (scan_code) {
	case 0x18:
		power_off();
		break;
	case 0x19:
		panic();
		break;
	case 0x13:
		out8(RESET_CONTROL, RESET_NOW);
		break;
	case 0x20:
		write_much();
		break;
	}
}

__attribute__((used, noreturn)) static void run(const struct multiboot_info *info)
{
	const char *arguments = info->flags & MULTIBOOT_HAS_ARGUMENTS ? (const char *)info->arguments : "";
	bool is_deaf = contains(arguments, "deaf");

	say("tiny guest: up\r\n");
	if (contains(arguments, "waits"))
		say("cpe-agent: booted, waiting for an identity\r\n");
	out16(PM1_ENABLE, PM1_POWER_BUTTON);
	start_timer();
	for (;;) {
		if ((in16(PM1_STATUS) & PM1_POWER_BUTTON) != 0) {
			out16(PM1_STATUS, PM1_POWER_BUTTON);
			if (!is_deaf)
				power_off();
		}
		if ((in8(KEYBOARD_STATUS) & 1) != 0)
			press(in8(KEYBOARD_DATA));
		__asm__ volatile("hlt");
	}
}

__attribute__((section(".text.start"), naked, used, noreturn)) void start(void)
{
	__asm__ volatile("movl $0x80000, %esp; pushl %ebx; call run");
}
