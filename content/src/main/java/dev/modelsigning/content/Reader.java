package dev.modelsigning.content;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.PartInspection;
import dev.modelsigning.content.internal.program.ProgramFile;
import dev.modelsigning.facts.FileInspection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which files are looked into, and by whom: the one table of that. A file may interest several. A
 * class that reads is loaded only once there is a file for it: {@link #open} makes it, and nothing
 * else here calls it.
 */
enum Reader {
  /** Programs, by their name, or by what {@link #ofFirstBytes} says. */
  PROGRAM(
      "py pyc pyo pyw pyx pyz ipynb whl egg so dylib dll pyd node jnilib ko o a lib exe com scr sys"
          + " sh bash zsh fish csh ksh bat cmd ps1 psm1 vbs js mjs cjs jar war class wasm pl rb php"
          + " lua desktop applescript hta msi deb rpm apk lnk",
      "");

  private static final Map<String, Set<Reader>> BY_ENDING = new HashMap<>();
  private static final Map<String, Set<Reader>> BY_NAME = new HashMap<>();

  static {
    for (Reader reader : values()) {
      for (String ending : reader.endings) {
        BY_ENDING.computeIfAbsent(ending, key -> EnumSet.noneOf(Reader.class)).add(reader);
      }
      for (String name : reader.names) {
        BY_NAME.computeIfAbsent(name, key -> EnumSet.noneOf(Reader.class)).add(reader);
      }
    }
  }

  private final List<String> endings;
  private final List<String> names;

  /**
   * A line of the table.
   *
   * @param endings what a name ends in behind its last dot, in lower case
   * @param names names without their directory, in lower case
   */
  Reader(String endings, String names) {
    this.endings = words(endings);
    this.names = words(names);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  /** Those that want to see a file, in the order of the table. */
  static Set<Reader> of(FileStart file) {
    Reader byBytes = ofFirstBytes(file);
    Set<Reader> byEnding = BY_ENDING.get(file.ending());
    Set<Reader> byName = BY_NAME.get(file.baseName());
    if (byBytes == null && byEnding == null && byName == null) {
      return Set.of();
    }
    Set<Reader> all = EnumSet.noneOf(Reader.class);
    if (byBytes != null) {
      all.add(byBytes);
    }
    if (byEnding != null) {
      all.addAll(byEnding);
    }
    if (byName != null) {
      all.addAll(byName);
    }
    return all;
  }

  /** Who knows a file by its first bytes, whatever it is called; null if nobody does. */
  private static @Nullable Reader ofFirstBytes(FileStart file) {
    int magic = file.magic();
    if (magic >>> 16 == ('#' << 8 | '!') || magic >>> 16 == ('M' << 8 | 'Z')) {
      return PROGRAM;
    }
    return switch (magic) {
      case 0x7f454c46, // ELF
          0xfeedface, // Mach-O, in either order of bytes
          0xfeedfacf,
          0xcefaedfe,
          0xcffaedfe,
          0xcafebabe, // Mach-O for several processors, or a class of Java
          0xcafebabf,
          0xbebafeca,
          0xbfbafeca,
          0x0061736d -> // WebAssembly
          PROGRAM;
      default -> file.baseName().contains(".so.") ? PROGRAM : null;
    };
  }

  /** Begins to read a file. */
  FileInspection open(FileStart file) {
    return switch (this) {
      case PROGRAM -> new PartInspection(file.file(), new ProgramFile(file));
    };
  }
}
