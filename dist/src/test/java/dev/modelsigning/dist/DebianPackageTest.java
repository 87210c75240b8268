package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianPackageTest {

  @TempDir private Path directory;

  private Path deb;

  @BeforeEach
  void makePackage() throws Exception {
    Path top = directory.resolve("top");
    for (String file :
        new String[] {
          "bin/model-signing",
          "lib/model-signing.jar",
          "share/man/man1/model-signing.1",
          "share/zsh/site-functions/_model-signing",
          "share/doc/model-signing/LICENSE"
        }) {
      Files.createDirectories(top.resolve(file).getParent());
      Files.writeString(top.resolve(file), file);
    }
    Files.setPosixFilePermissions(
        top.resolve("bin/model-signing"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Sbom sbom = Sbom.read(Files.writeString(directory.resolve("sbom.json"), SbomTest.LIBRARIES));
    deb = directory.resolve("package.deb");
    new DebianPackage(
            DebianRootTest.settings(directory),
            new Jdk(directory, "25", "a vendor", "amd64"),
            new Installation(top),
            sbom)
        .write(deb);
  }

  /** The members of an archive, in their order. */
  private Map<String, byte[]> members() throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    try (ArArchiveInputStream in = new ArArchiveInputStream(Files.newInputStream(deb))) {
      for (ArArchiveEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
        members.put(each.getName(), in.readAllBytes());
      }
    }
    return members;
  }

  /** The files in a member, with what they contain, or where they lead to. */
  private Map<String, String> files(String member) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(members().get(member)));
        TarArchiveInputStream in = new TarArchiveInputStream(gzip)) {
      for (TarArchiveEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
        if (each.isSymbolicLink()) {
          files.put(each.getName(), "-> " + each.getLinkName());
        } else if (each.isFile()) {
          files.put(each.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    return files;
  }

  @Test
  void hasTheMembersThatDpkgExpectsInTheirOrder() throws IOException {
    assertThat(members()).containsOnlyKeys("debian-binary", "control.tar.gz", "data.tar.gz");
    assertThat(members().keySet().iterator().next()).isEqualTo("debian-binary");
    assertThat(members().get("debian-binary")).asString().isEqualTo("2.0\n");
  }

  @Test
  void hasEachFileWhereDebianLooksForIt() throws IOException {
    assertThat(files("data.tar.gz"))
        .containsEntry("./usr/lib/model-signing/bin/model-signing", "bin/model-signing")
        .containsEntry("./usr/bin/model-signing", "-> ../lib/model-signing/bin/model-signing")
        .containsEntry(
            "./usr/share/zsh/vendor-completions/_model-signing",
            "share/zsh/site-functions/_model-signing")
        .containsKey("./usr/share/man/man1/model-signing.1.gz")
        // The copyright file names the text that every Debian has.
        .doesNotContainKey("./usr/share/doc/model-signing/LICENSE");
  }

  @Test
  void saysWhatItNeedsAndHasASumForEachFile() throws IOException {
    Map<String, String> control = files("control.tar.gz");

    assertThat(control.get("./control"))
        .contains("Package: model-signing\n", "Architecture: amd64\n", "Depends: libc6 (>= 2.");
    assertThat(control.get("./md5sums").lines())
        .hasSize(
            (int)
                files("data.tar.gz").values().stream()
                    .filter(content -> !content.startsWith("-> "))
                    .count());
  }

  @Test
  void namesTheLicencesOfTheLibraries() throws IOException {
    assertThat(files("data.tar.gz").get("./usr/share/doc/model-signing/copyright"))
        .contains("  alpha 2: Apache-2.0 OR MIT\n");
  }
}
