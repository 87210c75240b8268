package dev.modelsigning.attestation;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.testing.Fifos;
import dev.modelsigning.testing.Forge;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims files as strangers, other tools and crashes leave them. */
class ClaimsFileTest {

  @TempDir private Path directory;

  private final Forge forge = new Forge();
  private final Bundle claim = forge.bundle("{\"claim\":1}");
  private final String line = new String(claim.toJson().toArray(), UTF_8);

  private Path file() {
    return directory.resolve("claims.jsonl");
  }

  /** What is read from a file: the numbers of lines with claims, and what is wrong with others. */
  private static List<String> read(Path file) throws IOException {
    List<String> read = new ArrayList<>();
    ClaimsFile.read(
        file,
        new ClaimsFile.Sink() {
          @Override
          public void claim(long line, Bundle bundle) {
            read.add("claim " + line);
          }

          @Override
          public void malformed(long line, MalformedBundleException why) {
            read.add(line + ": " + why.getMessage());
          }
        });
    return read;
  }

  /** Nothing is left behind beside the files that belong there. */
  @AfterEach
  void nothingElseIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  private void refusesToAppend(Path file, String... parts) throws IOException {
    refuses(() -> ClaimsFile.append(file, claim), parts);
    refuses(() -> ClaimsFile.requireWritable(file), parts);
    assertThat(directory.resolve("." + file.getFileName() + ".lock")).doesNotExist();
  }

  private static void refuses(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfAny(IOException.class, MalformedBundleException.class)
        .message()
        .contains(parts);
  }

  // --- lines

  @Test
  void appendsToNothing() throws Exception {
    ClaimsFile.requireWritable(file());
    assertThat(file()).doesNotExist();

    assertThat(ClaimsFile.append(file(), claim)).isEqualTo(1);
    assertThat(ClaimsFile.append(file(), claim)).isEqualTo(2);
    assertThat(file()).hasContent(line + "\n" + line + "\n");
  }

  @Test
  void appendsToAnEmptyFile() throws Exception {
    Files.createFile(file());

    assertThat(ClaimsFile.append(file(), claim)).isEqualTo(1);
    assertThat(file()).hasContent(line + "\n");
  }

  @Test
  void readsEmptyLinesAndLineEndsOfWindows() throws Exception {
    Files.writeString(file(), "\n\r\n" + line + "\r\n  \t\n" + line + "\r\n\n");

    assertThat(read(file())).containsExactly("claim 3", "claim 5");
    assertThat(ClaimsFile.append(file(), claim)).isEqualTo(7);
    assertThat(read(file())).containsExactly("claim 3", "claim 5", "claim 7");
  }

  @Test
  void readsAnEmptyFile() throws Exception {
    Files.createFile(file());
    assertThat(read(file())).isEmpty();
  }

  /** It is no part of JSON; the other lines count. */
  @Test
  void refusesAByteOrderMarkInItsLineOnly() throws Exception {
    Files.writeString(file(), "\ufeff" + line + "\n" + line + "\n");

    assertThat(read(file())).hasSize(2).last().isEqualTo("claim 2");
    assertThat(read(file()).get(0)).startsWith("1: bundle: ");
  }

  @Test
  void refusesUtf16() throws Exception {
    Files.write(file(), (line + "\n").getBytes(UTF_16));
    assertThat(read(file())).isNotEmpty().noneMatch(each -> each.startsWith("claim"));
  }

  @Test
  void namesTheHalfOfAClaimAtTheEndAndReadsTheOthers() throws Exception {
    Files.writeString(file(), line + "\n" + line.substring(0, line.length() / 2));

    assertThat(read(file())).hasSize(2).first().isEqualTo("claim 1");
    assertThat(read(file()).get(1))
        .startsWith("2: the last line has no line end, so it may be half");
  }

  @Test
  void appendsNothingToHalfAClaim() throws Exception {
    for (int length : List.of(1, line.length() / 2, line.length() - 1)) {
      String content = line + "\n" + line.substring(0, length);
      Files.writeString(file(), content);

      refusesToAppend(file(), file() + ":2: the last line is half of a claim", "remove this line");
      assertThat(file()).hasContent(content);
    }
  }

  @Test
  void endsALastLineThatIsWhole() throws Exception {
    Files.writeString(file(), line);

    assertThat(read(file())).containsExactly("claim 1");
    assertThat(ClaimsFile.append(file(), claim)).isEqualTo(2);
    assertThat(file()).hasContent(line + "\n" + line + "\n");
  }

  /** Half of a claim that somebody went on behind is a line that does not count. */
  @Test
  void appendsBehindALineThatIsNoClaim() throws Exception {
    Files.writeString(file(), line.substring(0, 9) + "\n");

    assertThat(ClaimsFile.append(file(), claim)).isEqualTo(2);
    assertThat(read(file())).hasSize(2).last().isEqualTo("claim 2");
  }

  @Test
  void readsASingleBundleByItsName() throws Exception {
    Path single = directory.resolve("claim.sigstore.json");
    Files.writeString(single, line.replace(",", ",\n "));

    assertThat(read(single)).containsExactly("claim 1");
    Files.writeString(single, line + "\n" + line);
    assertThat(read(single)).singleElement().asString().startsWith("1: bundle: ");
  }

  /** With a second claim it would be read as one bundle that is malformed. */
  @Test
  void appendsNothingToAFileOfASingleBundle() throws Exception {
    Path single = directory.resolve("claim.sigstore.json");
    refusesToAppend(single, "holds a single claim", "claims.jsonl");
    assertThat(single).doesNotExist();
  }

  // --- size

  @Test
  void readsNoMoreThanAHundredThousandLines() throws Exception {
    Files.writeString(file(), "\n".repeat(ClaimsFile.MAX_CLAIMS));
    assertThat(read(file())).isEmpty();
    refusesToAppend(file(), "would have more than", "100000 claims", "--claims");

    Files.writeString(file(), "\n".repeat(ClaimsFile.MAX_CLAIMS) + line);
    refuses(() -> read(file()), file().toString(), "expected at most 100000 claims");
    refusesToAppend(file(), "would have more than", "100000 claims");
  }

  @Test
  void appendsTheLastOfAHundredThousandLines() throws Exception {
    Files.writeString(file(), "\n".repeat(ClaimsFile.MAX_CLAIMS - 1));
    assertThat(ClaimsFile.append(file(), claim)).isEqualTo(ClaimsFile.MAX_CLAIMS);
    assertThat(read(file())).containsExactly("claim " + ClaimsFile.MAX_CLAIMS);
  }

  @Test
  void readsNothingOfAFileOfOneGigabyte() throws Exception {
    try (RandomAccessFile sparse = new RandomAccessFile(file().toFile(), "rw")) {
      sparse.setLength(1L << 30);
    }

    refuses(() -> read(file()), file().toString(), "is larger than 268435456 bytes");
    refusesToAppend(file(), "would have more than 268435456 bytes");
    assertThat(Files.size(file())).isEqualTo(1L << 30);
  }

  /** A line that is as long as the file may be is never in memory; the next one counts. */
  @Test
  void readsBehindALineOfAQuarterOfAGigabyte() throws Exception {
    try (RandomAccessFile sparse = new RandomAccessFile(file().toFile(), "rw")) {
      sparse.seek(ClaimsFile.MAX_SIZE - line.length() - 2);
      sparse.write(("\n" + line + "\n").getBytes(UTF_8));
    }

    assertThat(read(file())).containsExactly("1: bundle: is larger than 33554432 bytes", "claim 2");
    refusesToAppend(file(), "would have more than 268435456 bytes");
  }

  @Test
  void appendsNothingToALongLineWithoutAnEnd() throws Exception {
    try (RandomAccessFile sparse = new RandomAccessFile(file().toFile(), "rw")) {
      sparse.setLength(ClaimsFile.MAX_CLAIM + 1L);
    }

    refusesToAppend(file(), ":1: the last line is half of a claim", "larger than 33554432 bytes");
  }

  // --- what is not a file

  @Test
  void refusesAPipeAtOnce() throws Exception {
    Path pipe = Fifos.make(file());

    refuses(() -> read(pipe), pipe.toString(), "is not a regular file, expected a claims file");
    refusesToAppend(pipe, pipe.toString(), "is not a regular file");
  }

  @Test
  void refusesADirectory() throws Exception {
    Files.createDirectory(file());

    refuses(() -> read(file()), file().toString(), "is a directory, expected a claims file");
    refusesToAppend(file(), file().toString(), "is a directory");
  }

  @Test
  void refusesADevice() throws Exception {
    refuses(() -> read(Path.of("/dev/full")), "/dev/full", "is not a regular file");
    refuses(() -> read(Path.of("/dev/zero")), "/dev/zero", "is not a regular file");
  }

  @Test
  void refusesWhatIsAbsent() {
    refuses(() -> read(file()), file().toString());
  }

  @Test
  void refusesADirectoryThatIsAbsent() throws Exception {
    refusesToAppend(
        directory.resolve("none/claims.jsonl"), "cannot be written: its directory does not exist");
  }

  /** Who made the link chose what would be replaced. */
  @Test
  void readsThroughALinkAndReplacesNone() throws Exception {
    Path real = directory.resolve("real.jsonl");
    Files.writeString(real, line + "\n");
    Files.createSymbolicLink(file(), real);

    assertThat(read(file())).containsExactly("claim 1");
    refusesToAppend(file(), file().toString(), "is a symbolic link");
    assertThat(real).hasContent(line + "\n");
  }

  @Test
  void refusesALinkToNothing() throws Exception {
    Path real = directory.resolve("real.jsonl");
    Files.createSymbolicLink(file(), real);

    refuses(() -> ClaimsFile.append(file(), claim), "claims.jsonl");
    assertThat(real).doesNotExist();
  }

  /** Replacing a file needs no right to write it, so nobody has to be able to. */
  @Test
  void appendsToAFileThatIsReadOnlyAndKeepsItSo() throws Exception {
    Files.writeString(file(), line + "\n");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("r--r--r--"));

    ClaimsFile.append(file(), claim);

    assertThat(read(file())).containsExactly("claim 1", "claim 2");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("r--r--r--");
  }

  @Test
  void refusesADirectoryThatCannotBeWritten() throws Exception {
    Files.writeString(file(), line + "\n");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeFalse(Files.isWritable(directory), "permissions do not bind this user");
      refusesToAppend(file(), file().toString(), "cannot be written", "permission denied");
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  // --- the lock file

  private Path lock() {
    return directory.resolve(".claims.jsonl.lock");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0b0a2c5e-4f4a-4f38-9a55-3b1f9a0e7d11", "0b0a2c5e-4f4a-4f"})
  void goesOnWhereAKilledWriterLeftItsLock(String content) throws Exception {
    Files.writeString(lock(), content);

    assertThat(ClaimsFile.append(file(), claim)).isEqualTo(1);
    assertThat(lock()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"private\":\"content\"}", "not a lock\n", "\u0000"})
  void neverWritesOverAFileThatIsNoLock(String content) throws Exception {
    Path precious = directory.resolve("precious");
    Files.writeString(precious, content);
    Files.createLink(lock(), precious);

    refuses(() -> ClaimsFile.append(file(), claim), lock().toString(), "is no lock", "remove it");

    assertThat(Files.readString(precious)).isEqualTo(content);
    assertThat(lock()).exists();
    assertThat(file()).doesNotExist();
  }

  /** Its content looks like that of a lock, but it has a name of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"", "0b0a2c5e-4f4a-4f38-9a55-3b1f9a0e7d11", "0b0a2c5e-4f4a-4f"})
  void neverWritesOverAFileThatHasAnotherName(String content) throws Exception {
    Path precious = directory.resolve("precious");
    Files.writeString(precious, content);
    Files.createLink(lock(), precious);

    refuses(
        () -> ClaimsFile.append(file(), claim),
        lock().toString(),
        "is no lock",
        "a hard link",
        "remove it");

    assertThat(Files.readString(precious)).isEqualTo(content);
    assertThat(lock()).exists();
    assertThat(file()).doesNotExist();
  }

  @Test
  void followsNoLinkInPlaceOfTheLock() throws Exception {
    for (Path target : List.of(directory.resolve("precious"), directory.resolve("absent"))) {
      Files.writeString(directory.resolve("precious"), "");
      Files.deleteIfExists(lock());
      Files.createSymbolicLink(lock(), target);

      refuses(() -> ClaimsFile.append(file(), claim), lock().toString(), "is not a regular file");
    }
    assertThat(directory.resolve("absent")).doesNotExist();
    assertThat(lock()).isSymbolicLink();
  }

  @Test
  void refusesAPipeAndADirectoryInPlaceOfTheLock() throws Exception {
    Fifos.make(lock());
    refuses(() -> ClaimsFile.append(file(), claim), lock().toString(), "is not a regular file");
    Files.delete(lock());
    Files.createDirectory(lock());
    refuses(() -> ClaimsFile.append(file(), claim), lock().toString(), "is not a regular file");
  }

  @Test
  void saysWhoHoldsTheLockForLong() throws Exception {
    ClaimsLock held = ClaimsLock.acquire(file());
    try (held) {
      refuses(
          () -> ClaimsLock.acquire(file(), Duration.ofMillis(100)),
          file().toString(),
          "another program has been writing it for a long time",
          lock().toString());
    }
    ClaimsLock.acquire(file()).close();
    assertThat(lock()).doesNotExist();
  }

  @Test
  void noticesThatItsLockWasRemoved() throws Exception {
    try (ClaimsLock held = ClaimsLock.acquire(file())) {
      held.requireHeld();
      Files.delete(lock());
      refuses(held::requireHeld, "nothing was added", lock().toString(), "removed or replaced");
    }
  }

  /** Looking for the lock from another thread must not release it for other programs. */
  @Test
  void keepsTheLockWhileOtherThreadsOfThisProcessLookForIt() throws Exception {
    try (ClaimsLock held = ClaimsLock.acquire(file())) {
      refuses(() -> ClaimsLock.acquire(file(), Duration.ofMillis(50)), "for a long time");
      held.requireHeld();
      assertThat(ConcurrentClaimsTest.canLock(lock())).isFalse();
    }
    Files.createFile(lock());
    assertThat(ConcurrentClaimsTest.canLock(lock())).isTrue();
  }

  @Test
  void leavesTheLockOfAnotherThatReplacedItsOwn() throws Exception {
    ClaimsLock first = ClaimsLock.acquire(file());
    Files.delete(lock());
    Files.createFile(lock());
    refuses(first::requireHeld, "removed or replaced");
    first.close();
    assertThat(lock()).exists();
  }

  @Test
  void noticesALinkInPlaceOfItsLock() throws Exception {
    try (ClaimsLock held = ClaimsLock.acquire(file())) {
      Files.move(lock(), directory.resolve("moved"));
      Files.createSymbolicLink(lock(), directory.resolve("moved"));
      refuses(held::requireHeld, "removed or replaced");
    }
    assertThat(lock()).isSymbolicLink();
  }

  @Test
  void theLockOfOneFileIsNotThatOfAnother() throws Exception {
    try (ClaimsLock held = ClaimsLock.acquire(file())) {
      held.requireHeld();
      assertThat(ClaimsFile.append(directory.resolve("other.jsonl"), claim)).isEqualTo(1);
    }
  }
}
