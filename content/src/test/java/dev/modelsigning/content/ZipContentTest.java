package dev.modelsigning.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** What is in zip files. */
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
