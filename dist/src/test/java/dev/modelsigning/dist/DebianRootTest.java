package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianRootTest {

  private static final Instant TIME = Instant.parse("2025-01-01T00:00:00Z");
  private static final PrintStream NO_LOG = new PrintStream(OutputStream.nullOutputStream());
  private static final String CONTROL = "Package: dash\nVersion: 1+2\nArchitecture: amd64\n";

  @TempDir private Path directory;

  /** A root of one package, with a shell, whose file is in the cache. */
  static DebianRoot make(Path directory) throws Exception {
    return fetch(directory, CONTROL, "amd64");
  }

  private static DebianRoot fetch(Path directory, String control, String architecture)
      throws Exception {
    byte[] deb = deb(control);
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(deb));
    Files.createDirectories(directory.resolve("cache"));
    Files.write(directory.resolve("cache/" + digest + ".deb"), deb);
    Files.createDirectories(directory.resolve("sources/image"));
    Files.writeString(
        directory.resolve("sources/image/debian-packages.txt"),
        "# a comment\n" + architecture + " " + digest + " pool/dash.deb\n");
    return DebianRoot.fetch(
        settings(directory), new Jdk(directory, "25", "a vendor", "amd64"), NO_LOG);
  }

  static Settings settings(Path directory) {
    return new Settings(
        "1",
        TIME,
        "a <a@example.com>",
        directory,
        directory.resolve("jar"),
        directory.resolve("sbom"),
        directory.resolve("man"),
        directory.resolve("sources"),
        directory.resolve("cache"),
        directory.resolve("output"));
  }

  private static byte[] deb(String control) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ArArchiveOutputStream ar = new ArArchiveOutputStream(out)) {
      member(ar, "debian-binary", "2.0\n".getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream info = new ByteArrayOutputStream();
      try (TarGz tar = TarGz.uncompressed(new XZCompressorOutputStream(info), TIME)) {
        tar.file("./control", 0644, control.getBytes(StandardCharsets.UTF_8));
      }
      member(ar, "control.tar.xz", info.toByteArray());
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      try (TarGz tar = TarGz.uncompressed(new XZCompressorOutputStream(data), TIME)) {
        tar.file("./usr/bin/dash", 06777, new byte[] {1});
        tar.link("./usr/bin/sh", "dash");
        tar.file("./usr/bin/other", 0755, new byte[0]);
        tar.file("./etc/shadow", 0600, new byte[0]);
        tar.file("./usr/share/doc/dash/copyright", 0644, new byte[0]);
      }
      member(ar, "data.tar.xz", data.toByteArray());
    }
    return out.toByteArray();
  }

  private static void member(ArArchiveOutputStream ar, String name, byte[] content)
      throws IOException {
    ar.putArchiveEntry(new ArArchiveEntry(name, content.length));
    ar.write(content);
    ar.closeArchiveEntry();
  }

  private static List<TarArchiveEntry> entries(DebianRoot root) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarGz tar = TarGz.uncompressed(out, TIME)) {
      root.addTo(tar);
    }
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      for (TarArchiveEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
        entries.add(each);
      }
    }
    return entries;
  }

  @Test
  void hasTheFilesThatTheImageNeedsAndNoOthers() throws Exception {
    assertThat(entries(make(directory)))
        .extracting(TarArchiveEntry::getName)
        .contains("usr/bin/dash", "usr/bin/sh", "usr/share/doc/dash/copyright")
        .contains("var/lib/dpkg/status.d/dash")
        .doesNotContain("usr/bin/other", "etc/shadow");
  }

  @Test
  void hasNoFileThatRunsAsSomebodyElseOrThatOthersCanChange() throws Exception {
    assertThat(entries(make(directory)))
        .filteredOn(each -> each.getName().equals("usr/bin/dash"))
        .extracting(each -> each.getMode() & 07777)
        .containsExactly(0755);
  }

  @Test
  void knowsAPackageByItsUrl() throws Exception {
    assertThat(make(directory).packages())
        .extracting(DebianRoot.Part::purl)
        .containsExactly("pkg:deb/debian/dash@1%2B2?arch=amd64&distro=debian-13");
  }

  @Test
  void refusesAnArchitectureWithoutPackages() {
    assertThatThrownBy(() -> fetch(directory, CONTROL, "arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("no packages for amd64");
  }

  @Test
  void refusesAPackageThatDoesNotSayItsVersion() {
    assertThatThrownBy(() -> fetch(directory, "Package: dash\n", "amd64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("no Version in a control file");
  }
}
