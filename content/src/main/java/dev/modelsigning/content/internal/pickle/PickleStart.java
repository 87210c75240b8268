package dev.modelsigning.content.internal.pickle;

import dev.modelsigning.content.internal.found.FileStart;

/**
 * Determines whether the first bytes of a file with an unknown name may be a pickle that does not
 * begin with its protocol: loaders accept those, whatever they are called.
 */
public final class PickleStart {

  /**
   * Opcodes that push a value or a mark, and can therefore be first. Callers check this first, as
   * it is a constant, and the class is not loaded for other files.
   */
  public static final String FIRST =
      "(c]})dlNIFSVXKUTBCGJMLPt\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0095\u0096";

  private static final int MAX_MARKS = 64;

  private final FileStart file;
  private final int[] marks = new int[MAX_MARKS];
  private int markCount;
  private int depth;
  private int at;

  private PickleStart(FileStart file) {
    this.file = file;
  }

  /**
   * Whether it may be one: opcodes follow each other up to one that calls an import, to a protocol
   * opcode, or to the end of the known bytes.
   */
  public static boolean is(FileStart file) {
    return file.known() > 2 && FIRST.indexOf(file.at(0)) >= 0 && new PickleStart(file).search();
  }

  private boolean search() {
    boolean hasImport = false;
    while (at < file.known()) {
      int opcode = file.at(at++);
      if (opcode == Opcode.PROTO) {
        return file.at(at) >= 0 && file.at(at) <= 5;
      }
      boolean isImport =
          opcode == Opcode.GLOBAL || opcode == Opcode.INST || opcode == Opcode.STACK_GLOBAL;
      if (!skipArgument(opcode) || !apply(opcode)) {
        return false;
      }
      if (opcode == Opcode.STOP) {
        return hasImport;
      }
      hasImport |= isImport;
      if (hasImport && (opcode == Opcode.INST || "Rob\u0081\u0092".indexOf(opcode) >= 0)) {
        return true;
      }
    }
    // All known bytes are opcodes, of which the last one may be incomplete.
    return file.size() > file.known();
  }

  private boolean skipArgument(int opcode) {
    byte argument = Opcode.argument(opcode);
    if (argument == Opcode.UNKNOWN) {
      return false;
    }
    if (argument == Opcode.LINE || argument == Opcode.TWO_LINES) {
      return skipLine(argument == Opcode.TWO_LINES) && (argument == Opcode.LINE || skipLine(true));
    }
    long number = 0;
    int width = Opcode.width(opcode);
    for (int i = 0; i < width; i++) {
      number |= (long) Math.max(0, file.at(at++)) << (8 * i);
    }
    if (argument == Opcode.BYTES || argument == Opcode.TEXT) {
      if (number < 0) {
        return false;
      }
      at = (int) Math.min(file.known(), at + number);
    }
    return true;
  }

  /** Skips a line; names contain no spaces. */
  private boolean skipLine(boolean isName) {
    int start = at;
    while (at < file.known() && file.at(at) != '\n') {
      if (isName && file.at(at) <= ' ') {
        return false;
      }
      at++;
    }
    boolean isEmpty = at == start;
    at++;
    return !(isName && isEmpty);
  }

  private boolean apply(int opcode) {
    int pops = opcode == Opcode.INST ? Opcode.TO_MARK : Opcode.pops(opcode);
    if (opcode == Opcode.MARK) {
      if (markCount == MAX_MARKS) {
        return false;
      }
      marks[markCount++] = depth;
    } else if (pops == Opcode.TO_MARK || opcode == Opcode.POP_MARK) {
      if (markCount == 0) {
        return false;
      }
      depth = marks[--markCount];
    } else if (opcode == Opcode.POP && markCount > 0 && marks[markCount - 1] == depth) {
      markCount--;
    } else {
      int needed = opcode == Opcode.POP || opcode == Opcode.DUP || opcode == Opcode.STOP ? 1 : pops;
      if (depth < needed) {
        return false;
      }
      depth += (opcode == Opcode.DUP ? 1 : 0) - (opcode == Opcode.POP ? 1 : pops);
    }
    if (Opcode.pushes(opcode)) {
      depth++;
    }
    return true;
  }
}
