package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Creates FIFOs, for which Java has no API. */
public final class Fifos {

  private Fifos() {}

  /** Makes a FIFO. */
  public static Path make(Path file) throws IOException, InterruptedException {
    Process process = TimedProcess.start(new ProcessBuilder("mkfifo", file.toString()).inheritIO());
    assertThat(process.waitFor()).as("mkfifo").isZero();
    return file;
  }

  /** Writes into a FIFO from another thread, which ends once the content was read. */
  public static Thread write(Path fifo, byte[] content) {
    return keepOpen(fifo, content, new CountDownLatch(0));
  }

  /** Writes into a FIFO from another thread, and then is silent until something is over. */
  public static Thread keepOpen(Path fifo, byte[] content, CountDownLatch over) {
    Thread writer =
        new Thread(() -> {
          try (OutputStream stream = Files.newOutputStream(fifo)) {
            stream.write(content);
            over.await();
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    writer.setDaemon(true);
    writer.start();
    return writer;
  }

  /** Releases a thread that is blocked in opening a FIFO. */
  public static void letGo(Path fifo) throws IOException {
    new RandomAccessFile(fifo.toFile(), "rw").close(); // both ends, so it does not block
  }
}
