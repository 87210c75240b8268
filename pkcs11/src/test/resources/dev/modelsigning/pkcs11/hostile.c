/* A PKCS #11 module with one token that does what no module should; a macro says what. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong;

static ulong calls;

/* Whoever waits for it is told, by a FIFO. Nobody waits for the seconds: it never comes back. */
static void hang(void) {
  close(open(HANGING, O_WRONLY));
  for (;;) {
    sleep(1);
  }
}

static void crash(void) {
  *(volatile int *) 8 = 1;
}

static void blanks(char *text, int length, const char *value) {
  memset(text, ' ', length);
  memcpy(text, value, strlen(value));
}

static ulong initialize(void *arguments) {
#ifdef HANG_IN_INITIALIZE
  hang();
#endif
#ifdef CRASH_IN_INITIALIZE
  crash();
#endif
  return 0;
}

static ulong get_slot_list(unsigned char present, ulong *slots, ulong *count) {
#ifdef HANG_IN_SLOT_LIST
  hang();
#endif
#ifdef MILLIONS_OF_SLOTS
  *count = slots ? *count : 0x7fffffffffffffffUL;
  return 0;
#endif
#ifdef EVER_MORE_SLOTS
  *count = ++calls;
  return slots ? 0x150 : 0;
#endif
  *count = 1;
  if (slots) {
    slots[0] = 0;
  }
  return 0;
}

static ulong get_slot_info(ulong slot, char *info) {
  blanks(info, 96, "slot");
  return 0;
}

static ulong get_token_info(ulong slot, char *info) {
  blanks(info, 96, "hostile");
  ulong *numbers = (ulong *) (info + 96);
  numbers[0] = 0x404; /* initialised, login required */
  numbers[5] = 8;     /* longest PIN */
  numbers[6] = 4;     /* shortest PIN */
  return 0;
}

static ulong open_session(ulong slot, ulong flags, void *a, void *b, ulong *session) {
  *session = 1;
  return 0;
}

static ulong close_session(ulong session) {
#ifdef FAIL_TO_CLOSE
  return 5;
#endif
  return 0;
}

static ulong login(ulong session, ulong user, char *pin, ulong length) {
#ifdef CRASH_IN_LOGIN
  crash();
#endif
#ifdef HANG_IN_LOGIN
  hang();
#endif
  return 0;
}

static ulong find_objects_init(ulong session, void *template, ulong count) {
  return 0;
}

static ulong find_objects(ulong session, ulong *objects, ulong most, ulong *count) {
#ifdef ENDLESS_OBJECTS
  objects[0] = ++calls;
  *count = 1;
  return 0;
#endif
#ifdef SAME_OBJECT
  objects[0] = 7;
  *count = 1;
  return 0;
#endif
#ifdef TOO_MANY_OBJECTS_AT_A_TIME
  *count = most + 1;
  return 0;
#endif
#if defined(HUGE_VALUE) || defined(GROWING_VALUE)
  *count = calls++ ? 0 : 1;
  objects[0] = 7;
  return 0;
#endif
  *count = 0;
  return 0;
}

static ulong find_objects_final(ulong session) {
  return 0;
}

struct attribute {
  ulong type;
  void *value;
  ulong length;
};

static ulong get_attribute_value(
    ulong session, ulong object, struct attribute *template, ulong count) {
#ifdef HUGE_VALUE
  template->length = 0x80000000UL;
#else
  template->length = template->value ? template->length + 1 : 4;
#endif
  return 0;
}

static ulong mechanism_info(ulong slot, ulong mechanism, ulong *info) {
  info[2] = 0x800;
  return 0;
}

static struct {
  unsigned char version[2];
  void *functions[68];
} list = {
    .version = {2, 40},
    .functions = {
        [0] = initialize,
        [4] = get_slot_list,
        [5] = get_slot_info,
        [6] = get_token_info,
        [8] = mechanism_info,
        [12] = open_session,
        [13] = close_session,
        [18] = login,
        [24] = get_attribute_value,
        [26] = find_objects_init,
        [27] = find_objects,
        [28] = find_objects_final,
    }};

ulong C_GetFunctionList(void **functions) {
  *functions = &list;
  return 0;
}
