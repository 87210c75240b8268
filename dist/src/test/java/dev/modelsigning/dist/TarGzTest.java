package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarGzTest {

  private static final Instant TIME = Instant.parse("2025-01-01T00:00:00Z");

  @TempDir private Path top;

  @BeforeEach
  void makeTree() throws IOException {
    Files.createDirectories(top.resolve("bin"));
    Files.writeString(top.resolve("bin/run"), "run");
    Files.setPosixFilePermissions(
        top.resolve("bin/run"), PosixFilePermissions.fromString("rwx--x--x"));
    Files.writeString(top.resolve("a"), "a");
    Files.setPosixFilePermissions(top.resolve("a"), PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.createSymbolicLink(top.resolve("link"), Path.of("bin/run"));
  }

  private byte[] archive() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarGz tar = TarGz.to(out, TIME)) {
      tar.addTree(top, "name");
    }
    return out.toByteArray();
  }

  private static List<TarArchiveEntry> entries(byte[] archive) throws IOException {
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(
            new GZIPInputStream(new ByteArrayInputStream(archive)),
            StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
        entries.add(each);
      }
    }
    return entries;
  }

  @Test
  void hasATreeInAFixedOrder() throws IOException {
    assertThat(entries(archive()))
        .extracting(TarArchiveEntry::getName)
        .containsExactly("name/", "name/a", "name/bin/", "name/bin/run", "name/link");
  }

  @Test
  void hasNothingOfWhoBuiltItAndWhen() throws IOException {
    byte[] first = archive();
    Files.setLastModifiedTime(
        top.resolve("a"), java.nio.file.attribute.FileTime.from(TIME.minusSeconds(86_400)));

    assertThat(archive()).isEqualTo(first);
    assertThat(entries(first))
        .allSatisfy(each -> {
          assertThat(each.getLastModifiedTime().toInstant()).isEqualTo(TIME);
          assertThat(each.getLongUserId()).isZero();
          assertThat(each.getLongGroupId()).isZero();
          assertThat(each.getUserName()).isEqualTo("root");
        });
  }

  /** Only the owner may write, and only programs can be executed, whatever the umask was. */
  @Test
  void letsNobodyButTheOwnerWrite() throws IOException {
    assertThat(entries(archive()))
        .filteredOn(each -> !each.isSymbolicLink())
        .extracting(each -> Integer.toOctalString(each.getMode() & 07777))
        .containsExactly("755", "644", "755", "755");
  }

  @Test
  void keepsLinksAsTheyAre() throws IOException {
    assertThat(entries(archive()))
        .filteredOn(TarArchiveEntry::isSymbolicLink)
        .extracting(TarArchiveEntry::getLinkName)
        .containsExactly("bin/run");
  }

  @Test
  void addsTheDirectoriesAboveAFileOnce() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarGz tar = TarGz.to(out, TIME)) {
      tar.file("./usr/bin/one", 0755, new byte[0]);
      tar.file("./usr/bin/two", 0755, new byte[0]);
    }

    assertThat(entries(out.toByteArray()))
        .extracting(TarArchiveEntry::getName)
        .containsExactly("./usr/", "./usr/bin/", "./usr/bin/one", "./usr/bin/two");
  }
}
