package dev.modelsigning.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileParts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** The content of zip files. */
class ZipContentTest {

  private static byte[] zip(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }

  /** An entry with these bytes as what deflating it gave. */
  static byte[] deflated(String name, byte[] data) {
    byte[] text = Look.bytes(name);
    int local = 30 + text.length + data.length;
    int central = 46 + text.length;
    return ByteBuffer.allocate(local + central + 22)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x04034b50)
        .putInt(20)
        .putInt(8)
        .position(18)
        .putInt(data.length)
        .putInt(1 << 20)
        .putInt(text.length)
        .put(text)
        .put(data)
        .putInt(0x02014b50)
        .putInt(20 << 16 | 20)
        .putInt(8 << 16)
        .position(local + 20)
        .putInt(data.length)
        .putInt(1 << 20)
        .putInt(text.length)
        .position(local + 46)
        .put(text)
        .putInt(0x06054b50)
        .putInt(0)
        .putInt(1 << 16 | 1)
        .putInt(central)
        .putInt(local)
        .array();
  }

  /** A program that uses another end record than those that are read finds other entries. */
  @Test
  void tellsThatItDoesNotLookAtManyEndRecords() throws IOException {
    byte[] one = zip("data.pkl", pickle());
    String end = "PK\u0005\u0006".repeat(40);
    String text = new String(one, StandardCharsets.ISO_8859_1) + end;
    assertThat(Look.rules(Look.at("a.pt", text))).contains("ZIP_AMBIGUOUS", "CONTENT_NOT_SEARCHED");
  }

  @Test
  void boundsWhatItTellsOfNames() throws IOException {
    byte[] one = zip("x".repeat(60_000), pickle());
    one[30] = 'b';
    assertThat(Look.at("a.pt", one).findings())
        .isNotEmpty()
        .allMatch(finding -> finding.message().length() < 1_000);
  }

  private static byte[] pickle() {
    return Look.bytes(PickleContentTest.SYSTEM);
  }

  @Test
  void readsPicklesInZipFilesAndInZipFilesInThem() throws IOException {
    byte[] one = zip("archive/data.pkl", pickle());
    assertThat(Look.names(Look.at("a.pt", one))).containsExactly("os.system");
    assertThat(Look.at("a.pt", one).findings()).isEmpty();
    assertThat(Look.names(Look.at("weights", zip("b.zip", one)))).containsExactly("os.system");
  }

  @Test
  void tellsOfALocalHeaderWithAnotherName() throws IOException {
    byte[] one = zip("archive/data.pkl", pickle());
    one[30] = 'b';
    assertThat(Look.rules(Look.at("a.pt", one))).contains("ZIP_HEADERS_DISAGREE");
  }

  @Test
  void tellsOfWhatStandsBehindTheEnd() throws IOException {
    String text = new String(zip("data.pkl", pickle()), StandardCharsets.ISO_8859_1) + "more";
    assertThat(Look.rules(Look.at("a.pt", text))).contains("ZIP_AMBIGUOUS");
  }

  /** Each signature of a local header must not cost another reading of what is around it. */
  @Test
  void readsGapsOnceHoweverManyHeadersTheyPretendToHave() throws IOException {
    String header = "PK\3\4" + "\0".repeat(22) + "\u00ff\u00ff\u00ff\u00ff";
    byte[] bytes = Look.bytes(header.repeat(40_000));
    AtomicLong read = new AtomicLong();
    FileParts parts =
        new FileParts() {
          @Override
          public long size() {
            return bytes.length;
          }

          @Override
          public void read(ByteBuffer into, long at) {
            read.addAndGet(into.remaining());
            into.put(bytes, (int) at, into.remaining());
          }
        };
    assertThat(Look.rules(Look.at("a.zip", parts, 64 * 1024))).contains("CONTENT_BROKEN");
    assertThat(read.get()).isLessThan(10L * bytes.length);
  }

  /** A few bytes of zip file must not cost minutes: all its configurations have one bound. */
  @Test
  void boundsTheConfigurationsOfAZipFileTogether() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] numbers = Look.bytes("1,".repeat(1 << 20));
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String directory : List.of("a", "b", "c")) {
        zip.putNextEntry(new ZipEntry(directory + "/config.json"));
        for (int i = 0; i < 15; i++) {
          zip.write(numbers);
        }
        zip.closeEntry();
      }
    }
    assertThat(Look.rules(Look.at("a.keras", bytes.toByteArray())))
        .contains("CONTENT_NOT_SEARCHED");
  }

  /** The name of a zip file in another one stands before those of all that is in it. */
  @Test
  void keepsNamesOfWhatIsNestedShort() throws IOException {
    byte[] inner = zip("data.pkl", pickle());
    FileFacts facts = Look.at("a.zip", zip("n".repeat(60_000) + ".zip", inner));
    assertThat(facts.runnable()).hasSize(1);
    assertThat(facts.runnable().get(0).part().orElseThrow())
        .endsWith("nnn.zip!/data.pkl")
        .hasSizeLessThan(300);
  }

  /** Whatever the bytes, no reader fails. */
  @Test
  void survivesBytesThatWereChanged() throws IOException {
    Random random = new Random(1);
    byte[] good = zip("b.zip", zip("data.pkl", pickle()));
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      for (int j = random.nextInt(6); j >= 0; j--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      assertThat(Look.at("a.pt", bad)).isNotNull();
      assertThat(Look.at("a.gz", bad)).isNotNull();
      assertThat(Look.at("config.json", bad)).isNotNull();
      assertThat(Look.at("a.npy", bad)).isNotNull();
    }
  }
}
