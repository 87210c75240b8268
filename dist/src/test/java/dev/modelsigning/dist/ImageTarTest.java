package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTarTest {

  @TempDir private Path directory;

  private Path top;
  private ImageTar image;

  @BeforeEach
  void makeInstallation() throws Exception {
    top = directory.resolve("top");
    for (String file : List.of("runtime/java", "bin/model-signing", "lib/jar", "share/doc/a")) {
      Files.createDirectories(top.resolve(file).getParent());
    }
    change("one");
    Settings settings = DebianRootTest.settings(directory);
    Files.createDirectories(settings.output());
    image =
        new ImageTar(
            settings,
            new Jdk(directory, "25", "a vendor", "amd64"),
            top,
            DebianRootTest.make(directory));
  }

  /** As a build does, which gives all files the same time. */
  private void change(String content) throws Exception {
    Path program = Files.writeString(top.resolve("bin/model-signing"), content);
    Files.setLastModifiedTime(program, FileTime.fromMillis(0));
  }

  @Test
  void isTheSameForTheSameFiles() throws Exception {
    String first = image.write(directory.resolve("first.tar"));

    assertThat(first).matches("sha256:[0-9a-f]{64}");
    assertThat(image.write(directory.resolve("second.tar"))).isEqualTo(first);
    assertThat(directory.resolve("second.tar"))
        .hasSameBinaryContentAs(directory.resolve("first.tar"));
  }

  @Test
  void hasTheFilesOfThisBuildAndNotOfAnEarlierOne() throws Exception {
    String first = image.write(directory.resolve("image.tar"));
    change("two");

    assertThat(image.write(directory.resolve("image.tar"))).isNotEqualTo(first);
  }
}
