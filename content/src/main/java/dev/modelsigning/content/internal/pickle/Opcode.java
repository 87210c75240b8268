package dev.modelsigning.content.internal.pickle;

/** The opcodes of pickles of protocols 0 to 5, with the type of their arguments. */
final class Opcode {

  static final int MARK = '(';
  static final int STOP = '.';
  static final int POP = '0';
  static final int POP_MARK = '1';
  static final int DUP = '2';
  static final int STRING = 'S';
  static final int BINSTRING = 'T';
  static final int SHORT_BINSTRING = 'U';
  static final int UNICODE = 'V';
  static final int BINUNICODE = 'X';
  static final int GLOBAL = 'c';
  static final int INST = 'i';
  static final int GET = 'g';
  static final int BINGET = 'h';
  static final int LONG_BINGET = 'j';
  static final int PUT = 'p';
  static final int BINPUT = 'q';
  static final int LONG_BINPUT = 'r';
  static final int BUILD = 'b';
  static final int PROTO = 0x80;
  static final int NEWOBJ = 0x81;
  static final int EXT1 = 0x82;
  static final int EXT2 = 0x83;
  static final int EXT4 = 0x84;
  static final int LONG1 = 0x8a;
  static final int LONG4 = 0x8b;
  static final int SHORT_BINUNICODE = 0x8c;
  static final int BINUNICODE8 = 0x8d;
  static final int STACK_GLOBAL = 0x93;
  static final int MEMOIZE = 0x94;

  /** The types of arguments. */
  static final byte UNKNOWN = 0;

  static final byte NOTHING = 1;

  /** A little-endian number. */
  static final byte NUMBER = 2;

  /** A number, followed by this many bytes that are skipped. */
  static final byte BYTES = 3;

  /** A number, followed by this many bytes of text. */
  static final byte TEXT = 4;

  /** Text up to a line feed. */
  static final byte LINE = 5;

  /** Two lines of text. */
  static final byte TWO_LINES = 6;

  private static final byte[] ARGUMENT = new byte[256];
  private static final byte[] WIDTH = new byte[256];
  private static final byte[] POPS = new byte[256];
  private static final byte[] PUSHES = new byte[256];

  /** In {@link #POPS}: everything down to the last mark, and the mark. */
  static final int TO_MARK = -1;

  static {
    define(NOTHING, 0, "(.012NQRabd}eloe]st)u\u0081\u0085\u0086\u0087\u0088\u0089\u008f\u0090");
    define(NOTHING, 0, "\u0091\u0092\u0093\u0094\u0097\u0098");
    define(NUMBER, 1, "Khq\u0080\u0082");
    define(NUMBER, 2, "M\u0083");
    define(NUMBER, 4, "Jjr\u0084");
    define(NUMBER, 8, "G\u0095");
    define(BYTES, 1, "C");
    define(BYTES, 4, "B\u008b");
    define(BYTES, 8, "\u008e\u0096");
    define(TEXT, 1, "U\u008a\u008c");
    define(TEXT, 4, "TX");
    define(TEXT, 8, "\u008d");
    define(LINE, 0, "FILPSVgp");
    define(TWO_LINES, 0, "ci");

    pops(1, "Qab\u0085");
    pops(2, "Rs\u0081\u0086\u0093");
    pops(3, "\u0087\u0092");
    pops(TO_MARK, "deilotu\u0090\u0091");
    for (char c :
        "NQRd}]lot)iFILPSVJKMGCBTUXcgjh\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088"
            .toCharArray()) {
      PUSHES[c] = 1;
    }
    for (char c :
        "\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0091\u0092\u0093\u0096\u0097".toCharArray()) {
      PUSHES[c] = 1;
    }
  }

  private Opcode() {}

  private static void define(byte argument, int width, String opcodes) {
    for (int i = 0; i < opcodes.length(); i++) {
      char c = opcodes.charAt(i);
      ARGUMENT[c] = argument;
      WIDTH[c] = (byte) width;
    }
  }

  private static void pops(int number, String opcodes) {
    for (int i = 0; i < opcodes.length(); i++) {
      char c = opcodes.charAt(i);
      POPS[c] = (byte) number;
    }
  }

  /** The type of the argument: one of the constants above. */
  static byte argument(int opcode) {
    return ARGUMENT[opcode];
  }

  /** The number of bytes of the numeric argument. */
  static int width(int opcode) {
    return WIDTH[opcode];
  }

  /** The number of values that it pops from the stack, or {@link #TO_MARK}. */
  static int pops(int opcode) {
    return POPS[opcode];
  }

  /** Whether it pushes a new value on the stack. */
  static boolean pushes(int opcode) {
    return PUSHES[opcode] != 0;
  }

  /** Whether its length argument is signed. */
  static boolean hasSignedLength(int opcode) {
    return opcode == BINSTRING || opcode == LONG4;
  }
}
