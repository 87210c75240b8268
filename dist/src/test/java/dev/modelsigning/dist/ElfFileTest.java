package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfFileTest {

  @Test
  void readsWhatTheJavaOfThisTestNeeds() throws IOException {
    ElfFile java =
        ElfFile.read(Path.of(System.getProperty("java.home"), "bin", "java")).orElseThrow();

    assertThat(java.needed()).contains("libc.so.6", "libjli.so");
    assertThat(java.libc()).isPositive();
  }

  @Test
  void takesATextForNoElfFile(@TempDir Path directory) throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "#!/bin/sh\n".repeat(20));

    assertThat(ElfFile.read(text)).isEmpty();
  }
}
