package dev.modelsigning.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.testing.Fifos;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading any kind of file ends, and takes no more memory than the limit of its kind. */
@Timeout(60)
class SmallFileTest {

  /** For what never happens, so that it takes no longer on a slow machine. */
  private static final Duration SHORT = Duration.ofMillis(50);

  private static final Duration LONG = Duration.ofSeconds(50);

  @TempDir Path directory;

  private Path write(int size) throws IOException {
    return Files.write(directory.resolve("file"), new byte[size]);
  }

  @Test
  void readsFilesUpToTheirBound() throws Exception {
    for (int size : new int[] {0, 1, 1023, 1024}) {
      assertThat(SmallFile.read(write(size), FileKind.PIN)).hasSize(size);
    }
    assertThatThrownBy(() -> SmallFile.read(write(1025), FileKind.PIN))
        .isInstanceOf(FileTooLargeException.class)
        .hasMessage(
            directory.resolve("file")
                + ": is larger than 1024 bytes, the most for a file with a PIN");
  }

  @ParameterizedTest
  @EnumSource(FileKind.class)
  void refusesAFileOfManyGigabytesOfAnyKind(FileKind kind) throws Exception {
    Path file = write(0);
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.position(5L << 30).write(ByteBuffer.wrap(new byte[1]));
    }
    assertThatThrownBy(() -> SmallFile.read(file, kind))
        .isInstanceOf(FileTooLargeException.class)
        .hasMessageStartingWith(
            file + ": is larger than " + kind.maxSize() + " bytes, the most for a ");
  }

  @Test
  void namesDirectoriesAndWhatIsNotThere() {
    assertThatThrownBy(() -> SmallFile.read(directory, FileKind.KEY))
        .hasMessage(directory + ": is a directory, expected a key file");
    assertThatThrownBy(() -> SmallFile.read(directory.resolve("none"), FileKind.KEY))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(directory.resolve("none").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/zero", "/dev/urandom"})
  @EnabledOnOs(OS.LINUX)
  void refusesDevicesWithoutEnd(String device) {
    for (FileKind kind : FileKind.values()) {
      assertThatThrownBy(() -> SmallFile.read(Path.of(device), kind))
          .as("%s", kind)
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining(device)
          .hasMessageMatching(
              kind.regularOnly()
                  ? ".*is not a regular file, expected a .*"
                  : ".*is larger than \\d+ bytes, the most for a .* from a pipe or device");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void readsFilesThatDoNotSayHowLongTheyAre() throws Exception {
    Path file = Path.of("/proc/self/status");
    assertThat(Files.size(file)).isZero();
    assertThat(new String(SmallFile.read(file, FileKind.KEY), StandardCharsets.US_ASCII))
        .contains("VmRSS");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void readsPipes() throws Exception {
    Path fifo = Fifos.make(directory.resolve("fifo"));
    Fifos.write(fifo, new byte[] {1, 2, 3});
    assertThat(SmallFile.read(fifo, FileKind.PASSWORD)).containsExactly(1, 2, 3);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void refusesPipesWhereNobodyHandsThemOver() throws Exception {
    Path fifo = Fifos.make(directory.resolve("fifo"));
    assertThatThrownBy(() -> SmallFile.read(fifo, FileKind.CACHE))
        .hasMessage(fifo + ": is not a regular file, expected a file of the cache");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void doesNotWaitForEverForSomebodyToOpenAPipe() throws Exception {
    Path fifo = Fifos.make(directory.resolve("fifo"));
    assertThatThrownBy(() -> SmallFile.read(fifo, FileKind.PASSWORD, SHORT, LONG))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(fifo + ": cannot be opened: nobody has written into this pipe");
    Fifos.letGo(fifo); // the thread that was left behind
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void doesNotWaitForEverForAPipeToEnd() throws Exception {
    Path fifo = Fifos.make(directory.resolve("fifo"));
    CountDownLatch over = new CountDownLatch(1);
    Thread opener = Fifos.keepOpen(fifo, new byte[] {1}, over);
    assertThatThrownBy(() -> SmallFile.read(fifo, FileKind.PASSWORD, LONG, SHORT))
        .hasMessageContaining(fifo + ": cannot be read: it has not ended for");
    over.countDown();
    opener.join();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void endsWhenItsThreadIsInterrupted() throws Exception {
    Path fifo = Fifos.make(directory.resolve("fifo"));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> SmallFile.read(fifo, FileKind.PASSWORD))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessageContaining(fifo.toString());
    assertThat(Thread.interrupted()).isTrue();
    Fifos.letGo(fifo);
  }

  @Test
  void parsesForAsLongAsItTakesAsOnlyReadingIsBounded() throws Exception {
    Path file = write(300_000);
    Duration reading = Duration.ofSeconds(2);
    int read =
        SmallFile.<Integer, InterruptedException>parseHere(
            file,
            FileKind.KEY,
            (content, size) -> {
              int first = content.readNBytes(1).length;
              Thread.sleep(reading.plusMillis(200).toMillis());
              return first + content.readAllBytes().length;
            },
            LONG,
            reading);
    assertThat(read).isEqualTo(300_000);
  }

  @Test
  void parsesInTheThreadOfTheCallerUntilTheParserHasEnough() throws Exception {
    Path file = write(300_000);
    Thread parser =
        SmallFile.<Thread, IOException>parseHere(
            file,
            FileKind.KEY,
            (content, size) -> {
              assertThat(content.read()).isZero();
              assertThat(size).isEqualTo(300_000);
              return Thread.currentThread();
            });
    assertThat(parser).isSameAs(Thread.currentThread());
    assertThatThrownBy(() ->
            SmallFile.<Thread, InstantiationException>parseHere(
                file,
                FileKind.KEY,
                (content, size) -> {
                  throw new InstantiationException("of the parser");
                }))
        .isInstanceOf(InstantiationException.class)
        .hasMessage("of the parser");
  }

  private static long length(Path file, FileKind kind, Duration opening, Duration reading)
      throws IOException {
    return SmallFile.<Long, IOException>parseHere(
        file,
        kind,
        (content, size) -> content.transferTo(OutputStream.nullOutputStream()),
        opening,
        reading);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void readsAndBoundsWhatIsParsedHere() throws Exception {
    for (int size : new int[] {0, 1, 1023, 1024}) {
      assertThat(length(write(size), FileKind.PIN, LONG, LONG)).isEqualTo(size);
    }
    assertThatThrownBy(() -> length(write(1025), FileKind.PIN, LONG, LONG))
        .isInstanceOf(FileTooLargeException.class);
    // Only while it is read, as it has no size.
    assertThatThrownBy(() -> length(Path.of("/dev/zero"), FileKind.PIN, LONG, LONG))
        .isInstanceOf(FileTooLargeException.class)
        .hasMessageStartingWith("/dev/zero: is larger than 1024 bytes");
    // The system opens it, and refuses to read it.
    assertThatThrownBy(() -> length(Path.of("/proc/self/mem"), FileKind.PIN, LONG, LONG))
        .isInstanceOf(FileSystemException.class)
        .hasMessageStartingWith("/proc/self/mem: cannot be read: ");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void doesNotWaitForEverForWhatIsParsedHere() throws Exception {
    Path fifo = Fifos.make(directory.resolve("fifo"));
    assertThatThrownBy(() -> length(fifo, FileKind.PASSWORD, SHORT, LONG))
        .hasMessageContaining(fifo + ": cannot be opened: nobody has written into this pipe");
    Fifos.letGo(fifo); // the thread that was left behind

    CountDownLatch over = new CountDownLatch(1);
    Thread opener = Fifos.keepOpen(fifo, new byte[] {1}, over);
    assertThatThrownBy(() -> length(fifo, FileKind.PASSWORD, LONG, SHORT))
        .hasMessageContaining(fifo + ": cannot be read: it has not ended for");
    over.countDown();
    opener.join();

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> length(fifo, FileKind.PASSWORD, LONG, LONG))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    Fifos.letGo(fifo);
  }

  /** It is there, but cannot be opened: nobody waits for its content. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void saysAtOnceWhatCannotBeOpenedToBeParsedHere() throws Exception {
    Path socket = directory.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertThatThrownBy(() -> length(socket, FileKind.PASSWORD, LONG, LONG))
          .isInstanceOf(FileSystemException.class)
          .hasMessageStartingWith(socket.toString());
    }
  }

  @Test
  void boundsEntriesOfZipFiles() throws Exception {
    Path zip = directory.resolve("a.zip");
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"));
        OutputStream stream = Files.newOutputStream(system.getPath("/large"))) {
      for (int i = 0; i < 600; i++) {
        stream.write(new byte[1 << 20]);
      }
    }
    try (FileSystem system = FileSystems.newFileSystem(zip)) {
      Path entry = system.getPath("/large");
      assertThatThrownBy(() -> SmallFile.read(entry, FileKind.KEY))
          .isInstanceOf(FileTooLargeException.class)
          .hasMessage("/large: is larger than 1048576 bytes, the most for a key file");
      assertThatThrownBy(() -> Bundle.read(entry))
          .isInstanceOf(MalformedBundleException.class)
          .hasMessageContaining("larger than");
    }
  }

  @Test
  void boundsEntriesOfZipFilesThatAreLongerThanTheySay() throws Exception {
    Path zip = directory.resolve("a.zip");
    int size = 3_456_789;
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.write(system.getPath("/long"), new byte[size]);
    }
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(zip)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i + 4 <= content.limit(); i++) {
      if (content.getInt(i) == size) {
        content.putInt(i, 10);
      }
    }
    Files.write(zip, content.array());
    try (FileSystem system = FileSystems.newFileSystem(zip)) {
      Path entry = system.getPath("/long");
      assertThat(Files.size(entry)).isEqualTo(10);
      assertThatThrownBy(() -> SmallFile.read(entry, FileKind.KEY))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("/long: ");
    }
  }

  @Test
  void takesAMarkForNoPartOfATextAndNamesThoseOfOtherEncodings() throws Exception {
    Path file = directory.resolve("text");
    assertThat(ByteOrderMark.text(file, "\ufeffs\u00e9cret".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("s\u00e9cret");
    assertThatThrownBy(
            () -> ByteOrderMark.text(file, "\ufeffsecret".getBytes(StandardCharsets.UTF_16LE)))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(file + ": begins with a byte order mark of UTF-16; save it as UTF-8");
    assertThatThrownBy(() -> ByteOrderMark.text(file, new byte[] {(byte) 0xe9}))
        .hasMessage(file + ": is not UTF-8 text");
  }
}
