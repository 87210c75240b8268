package dev.modelsigning.dist;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** Writes a reproducible compressed archive: with a single time and owner, in a fixed order. */
final class TarGz implements AutoCloseable {

  private final TarArchiveOutputStream tar;
  private final Instant time;
  private final Set<String> directories = new HashSet<>();

  private TarGz(TarArchiveOutputStream tar, Instant time) {
    this.tar = tar;
    this.time = time;
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
  }

  static TarGz create(Path file, Instant time) throws IOException {
    return to(new BufferedOutputStream(Files.newOutputStream(file)), time);
  }

  static TarGz to(OutputStream out, Instant time) throws IOException {
    GzipParameters parameters = new GzipParameters();
    parameters.setCompressionLevel(Deflater.DEFAULT_COMPRESSION);
    return new TarGz(
        new TarArchiveOutputStream(
            new GzipCompressorOutputStream(out, parameters), StandardCharsets.UTF_8.name()),
        time);
  }

  /** Creates an uncompressed archive, for a layer. */
  static TarGz uncompressed(OutputStream out, Instant time) {
    return new TarGz(new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name()), time);
  }

  /** Adds a directory tree with its permissions. */
  void addTree(Path top, String name) throws IOException {
    directory(name, 0755);
    try (Stream<Path> children = Files.list(top)) {
      for (Path child : children.sorted().toList()) {
        String childName = name + "/" + child.getFileName();
        if (Files.isSymbolicLink(child)) {
          link(childName, Files.readSymbolicLink(child).toString());
        } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          addTree(child, childName);
        } else {
          file(
              childName,
              Files.isExecutable(child) && isExecutable(child) ? 0755 : 0644,
              Files.readAllBytes(child));
        }
      }
    }
  }

  /** Adds a directory and its parents, unless they were added before. */
  void directory(String name, int mode) throws IOException {
    directory(name, mode, 0);
  }

  void directory(String name, int mode, int owner) throws IOException {
    addParents(name);
    if (directories.add(name)) {
      TarArchiveEntry entry = new TarArchiveEntry(name + "/");
      put(entry, 0040000 | mode, owner, new byte[0]);
    }
  }

  void file(String name, int mode, byte[] content) throws IOException {
    addParents(name);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    put(entry, 0100000 | mode, 0, content);
  }

  void link(String name, String target) throws IOException {
    addParents(name);
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    put(entry, 0120777, 0, new byte[0]);
  }

  private void addParents(String name) throws IOException {
    int end = name.lastIndexOf('/');
    if (end > 0 && !name.substring(0, end).equals(".")) {
      directory(name.substring(0, end), 0755);
    }
  }

  private void put(TarArchiveEntry entry, int mode, int owner, byte[] content) throws IOException {
    entry.setMode(mode);
    entry.setModTime(Date.from(time));
    entry.setIds(owner, owner);
    entry.setNames(owner == 0 ? "root" : "", owner == 0 ? "root" : "");
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static boolean isExecutable(Path file) throws IOException {
    return Files.getPosixFilePermissions(file)
        .containsAll(List.of(java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE));
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
