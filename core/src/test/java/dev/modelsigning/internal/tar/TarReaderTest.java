package dev.modelsigning.internal.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.testing.TarBytes;
import dev.modelsigning.testing.TimedProcess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {

  @TempDir Path temporary;

  private static TarReader reader(byte[] archive) {
    return new TarReader(new ByteArrayInputStream(archive));
  }

  /** The content of each file; of directories, nothing. */
  private static Map<String, String> read(byte[] archive) throws IOException {
    TarReader reader = reader(archive);
    Map<String, String> found = new LinkedHashMap<>();
    Optional<TarEntry> entry = reader.next();
    while (entry.isPresent()) {
      if (!entry.get().directory()) {
        found.put(entry.get().name(), content(reader));
      }
      entry = reader.next();
    }
    return found;
  }

  private static String content(TarReader reader) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[100];
    for (int read = reader.read(buffer, 0, 100); read >= 0; read = reader.read(buffer, 0, 100)) {
      all.write(buffer, 0, read);
    }
    return all.toString(UTF_8);
  }

  @Test
  void filesOfAnyLength() throws IOException {
    String long1 = "x".repeat(512);
    String long2 = "y".repeat(513);

    assertThat(
            read(
                new TarBytes()
                    .directory("d/")
                    .file("d/a", "")
                    .file("d/b", long1)
                    .file("d/c", long2)
                    .file("ü", "1")
                    .whole()))
        .containsExactly(
            Map.entry("d/a", ""),
            Map.entry("d/b", long1),
            Map.entry("d/c", long2),
            Map.entry("ü", "1"));
  }

  @Test
  void contentThatNobodyReadIsPassed() throws IOException {
    TarReader reader = reader(new TarBytes().file("a", "x".repeat(700)).file("b", "1").whole());

    assertThat(reader.next()).contains(new TarEntry("a", false, 700));
    assertThat(reader.read(new byte[10], 0, 10)).isEqualTo(10);
    assertThat(reader.next()).contains(new TarEntry("b", false, 1));
    assertThat(reader.next()).isEmpty();
    assertThat(reader.next()).isEmpty();
  }

  @Test
  void namesAsTarWritesThem() throws IOException {
    String deep = "directory/".repeat(30) + "file";

    assertThat(
            read(
                new TarBytes()
                    .directory("./")
                    .file("./a", "1")
                    .pax('x', "path=" + deep, "mtime=1.5", "SCHILY.xattr.user.x=y")
                    .file("short", "2")
                    .entry('L', "././@LongLink", (deep + "2\0").getBytes(UTF_8))
                    .file("short", "3")
                    .whole()))
        .containsExactly(Map.entry("a", "1"), Map.entry(deep, "2"), Map.entry(deep + "2", "3"));
  }

  @Test
  void sizesOfBothForms() throws IOException {
    byte[] binary = new byte[12];
    binary[0] = (byte) 0x80;
    binary[11] = 3;

    assertThat(
            read(
                new TarBytes()
                    .header('0', "a".getBytes(UTF_8), binary)
                    .content("abc".getBytes(UTF_8))
                    .pax('x', "size=4")
                    .header('0', "b".getBytes(UTF_8), 0)
                    .content("abcd".getBytes(UTF_8))
                    .whole()))
        .containsExactly(Map.entry("a", "abc"), Map.entry("b", "abcd"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--format=ustar", "--format=pax", "--format=gnu"})
  void archivesOfTheProgramTar(String format) throws Exception {
    Path model = Files.createDirectories(temporary.resolve("model"));
    Path deep = Files.createDirectories(model.resolve("a-long-name/".repeat(7)));
    Files.writeString(deep.resolve("file"), "1");
    Files.writeString(model.resolve("b"), "x".repeat(100_000));
    Path archive = temporary.resolve("model.tar");
    Process tar =
        TimedProcess.start(
            new ProcessBuilder(
                    "tar", format, "-cf", archive.toString(), "-C", model.toString(), ".")
                .inheritIO());
    assertThat(tar.waitFor()).isZero();

    assertThat(read(Files.readAllBytes(archive)))
        .containsOnly(
            Map.entry("a-long-name/".repeat(7) + "file", "1"), Map.entry("b", "x".repeat(100_000)));
  }

  static Stream<Arguments> refused() {
    byte[] none = new byte[0];
    byte[] huge = new byte[12];
    Arrays.fill(huge, (byte) 0xff);
    return Stream.of(
        Arguments.of("a hard link, 'a'", new TarBytes().entry('1', "a", none)),
        Arguments.of("a symbolic link", new TarBytes().entry('2', "a", none)),
        Arguments.of("a device", new TarBytes().entry('3', "a", none)),
        Arguments.of("a device", new TarBytes().entry('4', "a", none)),
        Arguments.of("a FIFO", new TarBytes().entry('6', "a", none)),
        Arguments.of("a sparse file", new TarBytes().entry('S', "a", none)),
        Arguments.of("of the type 'V'", new TarBytes().entry('V', "a", none)),
        Arguments.of("of the type 'K'", new TarBytes().entry('K', "a", none)),
        Arguments.of("sparse file", new TarBytes().pax('x', "GNU.sparse.major=1").file("a", "")),
        Arguments.of("path twice", new TarBytes().pax('x', "path=a", "path=b").file("a", "")),
        Arguments.of(
            "two extended headers",
            new TarBytes().pax('x', "path=a").pax('x', "path=b").file("a", "")),
        Arguments.of(
            "two names",
            new TarBytes().pax('x', "path=a").entry('L', "l", "b".getBytes(UTF_8)).file("a", "")),
        Arguments.of("for all entries", new TarBytes().pax('g', "path=a").file("b", "")),
        Arguments.of("for all entries", new TarBytes().pax('g', "size=0").file("b", "1")),
        Arguments.of("character set", new TarBytes().pax('x', "hdrcharset=BINARY").file("b", "")),
        Arguments.of("NUL", new TarBytes().pax('x', "path=a\0b").file("b", "")),
        Arguments.of("NUL", new TarBytes().entry('L', "l", "a\0b".getBytes(UTF_8)).file("b", "")),
        Arguments.of("expected a number", new TarBytes().pax('x', "size=-1").file("b", "")),
        Arguments.of(
            "malformed", new TarBytes().entry('x', "p", "9 path=a".getBytes(UTF_8)).file("b", "")),
        Arguments.of(
            "malformed",
            new TarBytes().entry('x', "p", "99999999999999999999 a=b\n".getBytes(UTF_8))),
        Arguments.of(
            "at most 1048576 bytes", new TarBytes().header('x', "p".getBytes(UTF_8), 1 << 30)),
        Arguments.of(
            "at most 65536 bytes", new TarBytes().header('L', "p".getBytes(UTF_8), 1 << 30)),
        Arguments.of("less than 2^63", new TarBytes().header('0', "p".getBytes(UTF_8), huge)),
        Arguments.of(
            "octal number",
            new TarBytes().header('0', "p".getBytes(UTF_8), "0000000000x\0".getBytes(UTF_8))),
        Arguments.of("directory with content", new TarBytes().entry('5', "a", "1".getBytes(UTF_8))),
        Arguments.of("ends with a slash", new TarBytes().file("a/", "1")),
        Arguments.of("not", new TarBytes().header('0', new byte[] {'a', (byte) 0xff}, 0)),
        Arguments.of("ends after an extended header", new TarBytes().pax('x', "path=a")),
        Arguments.of("data after its end", new TarBytes().file("a", "1").end().file("b", "1")),
        Arguments.of(
            "octal number as checksum", new TarBytes().content("x".repeat(512).getBytes(UTF_8))),
        Arguments.of(
            "another checksum",
            new TarBytes().content(changed(new TarBytes().file("a", "").bytes()))));
  }

  private static byte[] changed(byte[] header) {
    header[0] = 'b';
    return header;
  }

  @ParameterizedTest
  @MethodSource
  void refused(String message, TarBytes archive) {
    byte[] whole = archive.whole();

    assertThatThrownBy(() -> read(whole))
        .isInstanceOf(MalformedTarException.class)
        .hasMessageContaining(message);
  }

  @Test
  void truncated() {
    byte[] archive = new TarBytes().file("a", "x".repeat(600)).bytes();

    assertThatThrownBy(() -> read(Arrays.copyOf(archive, 700)))
        .hasMessageContaining("in the middle");
    assertThatThrownBy(() -> read(Arrays.copyOf(archive, 300)))
        .hasMessageContaining("in the middle");
    assertThatThrownBy(() -> read(Arrays.copyOf(archive, archive.length - 20)))
        .hasMessageContaining("in the middle");
  }
}
