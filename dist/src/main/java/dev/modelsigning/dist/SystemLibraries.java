package dev.modelsigning.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The system libraries that the native files of an installation need. The JDK of a distribution may
 * need more of them than other builds do.
 *
 * @param depends Debian packages, as {@code Depends} has them
 */
record SystemLibraries(List<String> depends) {

  private static final Map<String, String> PACKAGES =
      Map.of("libz.so.1", "zlib1g", "libstdc++.so.6", "libstdc++6", "libgcc_s.so.1", "libgcc-s1");

  private static final Set<String> LIBC =
      Set.of(
          "libc.so.6",
          "libm.so.6",
          "libdl.so.2",
          "libpthread.so.0",
          "librt.so.1",
          "ld-linux-x86-64.so.2",
          "ld-linux-aarch64.so.1");

  /**
   * Reads the requirements of all native files.
   *
   * @throws BuildException if one needs a library of which no package is known
   */
  static SystemLibraries of(Path top) throws IOException, BuildException {
    Set<String> own = new HashSet<>();
    Set<String> needed = new TreeSet<>();
    int libc = 0;
    List<Path> files;
    try (Stream<Path> all = Files.walk(top)) {
      files = all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (name.equals("modules") || name.endsWith(".jar") || name.endsWith(".jsa")) {
        continue;
      }
      own.add(name);
      var elf = ElfFile.read(file);
      if (elf.isPresent()) {
        needed.addAll(elf.get().needed());
        libc = Math.max(libc, elf.get().libc());
      }
    }
    needed.removeAll(own);
    needed.removeAll(LIBC);
    List<String> depends = new ArrayList<>();
    depends.add("libc6 (>= 2." + libc + ")");
    for (String library : needed) {
      String known = PACKAGES.get(library);
      if (known == null) {
        throw new BuildException(
            "the Java runtime needs " + library + ", and no Debian package is known that has it");
      }
      depends.add(known);
    }
    return new SystemLibraries(List.copyOf(depends));
  }
}
