package dev.modelsigning.content;

import static dev.modelsigning.content.Look.names;
import static dev.modelsigning.content.Look.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.content.testing.TestZip;
import dev.modelsigning.facts.FileFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are compressed as a whole. */
class CompressedContentTest {

  private static final byte[] EVIL = Look.bytes(PickleContentTest.SYSTEM);

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] zlib(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] part(int from, int to) {
    return Arrays.copyOfRange(EVIL, from, to);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 19, 10_000})
  void readsStreamsOneBehindTheOther(int blockSize) throws IOException {
    byte[] first = part(0, 1);
    byte[] second = part(1, 20);
    byte[] third = part(20, EVIL.length);
    byte[] gzip = join(gzip(first), gzip(second), new byte[30], gzip(third), new byte[5]);
    FileFacts facts = Look.at("a.pkl.gz", gzip, blockSize);
    assertThat(names(facts)).containsExactly("os.system");
    assertThat(facts.findings()).isEmpty();
    FileFacts zlib = Look.at("a.joblib", join(zlib(first), zlib(second), zlib(third)), blockSize);
    assertThat(names(zlib)).containsExactly("os.system");
    assertThat(zlib.findings()).isEmpty();
    byte[] harmless = Look.bytes("\u0080\u0002N.");
    assertThat(names(Look.at("a.pkl.gz", join(gzip(harmless), gzip(EVIL)), blockSize)))
        .containsExactly("os.system");
  }

  @Test
  void tellsOfOtherBytesBehindAStream() throws IOException {
    FileFacts facts = Look.at("a.pkl.gz", join(gzip(EVIL), new byte[] {1}));
    assertThat(names(facts)).containsExactly("os.system");
    assertThat(rules(facts)).containsExactly("CONTENT_BROKEN");
  }

  @Test
  void readsHeadersWithAllFields() {
    byte[] header = Look.bytes("\u001f\u008b\u0008\u001e\0\0\0\0\0\3\5\0extrname\0comment\0\1\2");
    header[12 + 4] = 'a';
    byte[] trailer = new byte[8];
    for (int blockSize : new int[] {1, 3, 1000}) {
      FileFacts facts =
          Look.at("a.pkl.gz", join(header, TestZip.deflate(EVIL), trailer), blockSize);
      assertThat(names(facts)).containsExactly("os.system");
      assertThat(facts.findings()).isEmpty();
    }
  }

  /** A name without an end would hide all. */
  @Test
  void tellsOfHeadersWithoutAnEnd() {
    byte[] header = Look.bytes("\u001f\u008b\u0008\u0008\0\0\0\0\0\3");
    byte[] name = new byte[200_000];
    Arrays.fill(name, (byte) 'n');
    assertThat(rules(Look.at("a.pkl.gz", join(header, name, new byte[1], TestZip.deflate(EVIL)))))
        .containsExactly("CONTENT_BROKEN");
    assertThat(rules(Look.at("a.pkl.gz", header))).containsExactly("CONTENT_BROKEN");
  }

  @Test
  void saysWhereItIsCut() throws IOException {
    for (byte[] whole : new byte[][] {gzip(EVIL), zlib(EVIL)}) {
      String name = whole[0] == 0x1f ? "a.pkl.gz" : "a.joblib";
      for (int length = 4; length < whole.length - 4; length++) {
        FileFacts facts = Look.at(name, Arrays.copyOf(whole, length));
        assertThat(rules(facts)).as("%s cut at %d", name, length).contains("CONTENT_BROKEN");
      }
    }
  }

  /** The loader ran what was inflated before the fault. */
  @Test
  void readsWhatStandsBeforeAFault() {
    byte[] block = new byte[5 + EVIL.length];
    block[1] = (byte) EVIL.length;
    block[3] = (byte) ~EVIL.length;
    block[4] = -1;
    System.arraycopy(EVIL, 0, block, 5, EVIL.length);
    byte[] bad = {7, 0, 0, 0};
    for (int blockSize : new int[] {1, 10, 1000}) {
      FileFacts zlib =
          Look.at("a.joblib", join(new byte[] {0x78, (byte) 0x9c}, block, bad), blockSize);
      assertThat(names(zlib)).containsExactly("os.system");
      assertThat(rules(zlib)).containsExactly("CONTENT_BROKEN");
    }
  }

  @Test
  void saysThatADictionaryIsMissing() {
    byte[] bytes = join(new byte[] {0x78, (byte) 0xbb, 1, 2, 3, 4}, TestZip.deflate(EVIL));
    assertThat(rules(Look.at("a.joblib", bytes))).containsExactly("CONTENT_BROKEN");
  }

  @Test
  void inflatesNoMoreThanItsBudget() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(Look.bytes("\u0080\u0004\u008e\0\0\0\0\1\0\0\0"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 300; i++) {
        out.write(zeros);
      }
    }
    assertThat(rules(Look.at("a.pkl.gz", bytes.toByteArray()))).contains("CONTENT_NOT_SEARCHED");
  }

  /** Each layer would be a reader that holds the next one. */
  @Test
  void inflatesOneLayerOnly() throws IOException {
    byte[] bytes = EVIL;
    for (int i = 0; i < 3_000; i++) {
      bytes = zlib(bytes);
      if (i > 0 && (i < 3 || i == 2_999)) {
        assertThat(rules(Look.at("a.pkl", bytes))).contains("CONTENT_NOT_SEARCHED");
      }
    }
    assertThat(rules(Look.at("a.pkl.gz", gzip(gzip(EVIL))))).contains("CONTENT_NOT_SEARCHED");
  }

  @Test
  void saysThatItDoesNotReadArchivesInCompressedFiles() throws IOException {
    TestZip zip = new TestZip();
    zip.store("data.pkl", EVIL);
    assertThat(rules(Look.at("a.pt.gz", gzip(zip.bytes()))))
        .containsExactly("CONTENT_NOT_SEARCHED");
    byte[] tar = new byte[1024];
    System.arraycopy(Look.bytes("ustar"), 0, tar, 257, 5);
    for (String name : new String[] {"a.tar.gz", "a.tgz", "a.gz", "weights"}) {
      assertThat(rules(Look.at(name, gzip(tar)))).as(name).containsExactly("CONTENT_NOT_SEARCHED");
    }
    for (String name : new String[] {"a.tar", "a.nemo", "a.pt", "weights"}) {
      assertThat(rules(Look.at(name, tar))).as(name).containsExactly("CONTENT_NOT_SEARCHED");
    }
    assertThat(Look.at("a.nemo", zip.bytes()).findings()).isEmpty();
    assertThat(names(Look.at("a.nemo", zip.bytes()))).containsExactly("os.system");
  }

  /** A name in an archive may be a pickle, too. */
  @Test
  void readsPicklesThatLookLikeArchives() {
    byte[] tar = new byte[1024];
    System.arraycopy(EVIL, 0, tar, 0, EVIL.length);
    System.arraycopy(Look.bytes("ustar"), 0, tar, 257, 5);
    assertThat(names(Look.at("a.pkl", tar))).containsExactly("os.system");
    assertThat(names(Look.at("weights", tar))).containsExactly("os.system");
  }

  @Test
  void saysNothingOfWhatIsOfNoInterest() throws IOException {
    assertThat(Look.at("notes.txt.gz", gzip(Look.bytes("hello\n")))).isEqualTo(FileFacts.NONE);
    assertThat(Look.at("notes.txt.gz", gzip(new byte[0]))).isEqualTo(FileFacts.NONE);
  }

  @Test
  void readsCompressedFilesInZipFiles() throws IOException {
    TestZip zip = new TestZip();
    zip.store("a.pkl.gz", gzip(EVIL));
    zip.deflate("b.joblib", zlib(EVIL));
    FileFacts facts = Look.at("a.zip", zip.bytes());
    assertThat(names(facts)).containsExactly("os.system", "os.system");
    assertThat(facts.findings()).isEmpty();
  }
}
