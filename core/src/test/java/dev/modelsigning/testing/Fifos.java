package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** FIFOs, which no Java interface makes. */
public final class Fifos {

  private Fifos() {}

  /** Makes a FIFO. */
  public static Path make(Path file) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("mkfifo", file.toString()).inheritIO().start();
    assertThat(process.waitFor()).as("mkfifo").isZero();
    return file;
  }

  /** Writes into a FIFO from another thread, which ends once somebody has read it. */
  public static Thread write(Path fifo, byte[] content) {
    Thread writer =
        new Thread(() -> {
          try (OutputStream stream = Files.newOutputStream(fifo)) {
            stream.write(content);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    writer.setDaemon(true);
    writer.start();
    return writer;
  }
}
