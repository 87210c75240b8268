package dev.modelsigning.attestation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Claims files on disks that are full, and at mount points: no claim is lost. */
@Timeout(180)
@EnabledOnOs(value = OS.LINUX, disabledReason = "mounts file systems, and limits what is written")
class ClaimsStorageTest {

  @TempDir private Path directory;

  private final Forge forge = new Forge();
  private final Bundle claim = forge.bundle("{\"claim\":1}");
  private final Bundle large = forge.bundle("{\"claim\":\"" + "x".repeat(400_000) + "\"}");

  private static int run(Object... command) throws Exception {
    List<String> words = Stream.of(command).map(Object::toString).toList();
    return TimedProcess.start(
            new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD))
        .waitFor();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  private Path smallDisk(String options) throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    boolean mounted = run("mount", "-t", "tmpfs", "-o", options, "none", disk) == 0;
    assumeTrue(mounted, "mounts a file system, which needs root");
    return disk;
  }

  @Test
  void keepsTheClaimsIfTheDiskGetsFull() throws Exception {
    Path disk = smallDisk("size=1m");
    try {
      Path file = disk.resolve("claims.jsonl");
      ClaimsFile.append(file, claim);
      byte[] before = Files.readAllBytes(file);
      // As long as there is room for both, the old content and the new one.
      Files.write(disk.resolve("other"), new byte[700_000]);

      assertThatThrownBy(() -> ClaimsFile.append(file, large))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("space");
      assertThat(file).hasBinaryContent(before);
      assertThat(names(disk)).containsExactly("claims.jsonl", "other");

      Files.delete(disk.resolve("other"));
      assertThat(ClaimsFile.append(file, large)).isEqualTo(2);
    } finally {
      run("umount", disk);
    }
  }

  /** There is room, but none for the name of the lock, or of the new file. */
  @Test
  void keepsTheClaimsIfThereIsNoRoomForMoreFiles() throws Exception {
    Path disk = smallDisk("size=1m,nr_inodes=8");
    try {
      Path file = disk.resolve("claims.jsonl");
      ClaimsFile.append(file, claim);
      byte[] before = Files.readAllBytes(file);
      List<Path> others = new ArrayList<>();
      while (fits(disk.resolve("other" + others.size()))) {
        others.add(disk.resolve("other" + others.size()));
      }
      for (int free = 0; free < 2; free++) {
        assertThatThrownBy(() -> ClaimsFile.append(file, claim))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(file.toString())
            .hasMessageContaining("space");
        assertThatThrownBy(() -> ClaimsFile.requireWritable(file)).isInstanceOf(IOException.class);
        assertThat(file).hasBinaryContent(before);
        assertThat(names(disk)).hasSize(1 + others.size());
        Files.delete(others.remove(0));
      }
      assertThat(ClaimsFile.append(file, claim)).isEqualTo(2);
    } finally {
      run("umount", disk);
    }
  }

  private static boolean fits(Path file) {
    try {
      Files.createFile(file);
      return true;
    } catch (IOException e) {
      return false; // no room, as intended
    }
  }

  /** Nothing says in advance that there is no room: writing itself fails, in the middle. */
  @Test
  void keepsTheClaimsIfWritingFailsInTheMiddle() throws Exception {
    Path file = directory.resolve("claims.jsonl");
    ClaimsFile.append(file, claim);
    byte[] before = Files.readAllBytes(file);
    Path source = directory.resolve("claim");
    Files.write(source, large.toJson().toArray());
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f 256; exec \"$@\"", "bash"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(ClaimsStorageTest.class.getName(), file.toString(), source.toString()));

    Process process = TimedProcess.start(new ProcessBuilder(command).redirectErrorStream(true));
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(output).isEqualTo(3);
    assertThat(output).contains(file.toString(), "File too large");
    assertThat(file).hasBinaryContent(before);
    assertThat(names(directory)).containsExactly("claim", "claims.jsonl");
  }

  /** What the other process runs: appends a claim. */
  public static void main(String[] args) throws Exception {
    try {
      ClaimsFile.append(
          Path.of(args[0]), Bundle.parse(Bytes.of(Files.readAllBytes(Path.of(args[1])))));
    } catch (IOException e) {
      System.out.println(e.getMessage());
      System.exit(3);
    }
  }

  /** It cannot be replaced, and others lock it elsewhere by another name. */
  @Test
  void refusesAFileThatIsMountedByItself() throws Exception {
    Path file = directory.resolve("claims.jsonl");
    ClaimsFile.append(file, claim);
    byte[] before = Files.readAllBytes(file);
    Path mounted = Files.createFile(directory.resolve("mounted.jsonl"));
    assumeTrue(run("mount", "--bind", file, mounted) == 0, "mounts a file, which needs root");
    try {
      assertThatThrownBy(() -> ClaimsFile.append(mounted, claim))
          .isInstanceOf(IOException.class)
          .hasMessage(
              mounted
                  + ": is mounted by itself, so claims of others could be lost; mount its"
                  + " directory");
      assertThatThrownBy(() -> ClaimsFile.requireWritable(mounted))
          .hasMessageContaining("is mounted by itself");
      assertThat(file).hasBinaryContent(before);
      assertThat(mounted).hasBinaryContent(before);
      assertThat(names(directory)).containsExactly("claims.jsonl", "mounted.jsonl");
    } finally {
      run("umount", mounted);
    }
    // The directory may be mounted.
    assertThat(ClaimsFile.append(file, claim)).isEqualTo(2);
  }
}
