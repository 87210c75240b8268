package dev.modelsigning.content;

import static dev.modelsigning.content.Look.names;
import static dev.modelsigning.content.Look.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.content.testing.TestZip;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The cost of a hostile zip file: the bytes that are read are counted, as times vary. */
class ZipBoundsTest {

  private static final byte[] EVIL = Look.bytes(PickleContentTest.SYSTEM);

  /** A pickle whose one string is as long, and then imports. */
  private static byte[] longPickle(int length) {
    ByteBuffer pickle = ByteBuffer.allocate(length + 5 + EVIL.length);
    pickle.order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x80).put((byte) 4).put((byte) 'B');
    pickle.putInt(length).position(7 + length);
    pickle.put(EVIL, 2, EVIL.length - 2);
    return pickle.array();
  }

  private static final class Counted implements FileParts {
    private final FileParts parts;
    private long bytes;
    private long reads;

    Counted(byte[] bytes) {
      this.parts = Look.parts(bytes);
    }

    @Override
    public long size() {
      return parts.size();
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      bytes += into.remaining();
      reads++;
      parts.read(into, at);
    }
  }

  private static FileFacts look(Counted parts) throws IOException {
    return Look.at("a.zip", parts, 1 << 20);
  }

  @Test
  void inflatesNoMoreThanItsBudget() throws IOException {
    TestZip zip = new TestZip();
    byte[] bomb = TestZip.deflate(longPickle(50 << 20));
    for (int i = 0; i < 50; i++) {
      TestZip.Entry entry = zip.deflate(i + ".pkl", new byte[0]);
      entry.data = bomb;
      entry.compressedSize = bomb.length;
      entry.centralCompressedSize = bomb.length;
    }
    Counted parts = new Counted(zip.bytes());
    FileFacts facts = look(parts);
    assertThat(rules(facts)).contains("CONTENT_NOT_SEARCHED");
    // Each 50 MiB: the sixth is over it.
    assertThat(facts.runnable()).hasSizeBetween(5, 6);
    assertThat(parts.bytes).isLessThan(2 * parts.size());
  }

  /** A file of 42 kB may have 4.5 PB in it if entries share a body. */
  @Test
  void readsABodyThatManyEntriesShareWithinItsBudget() throws IOException {
    TestZip zip = new TestZip();
    zip.deflate("0.pkl", longPickle(1 << 20));
    byte[] alone = zip.bytes();
    TestZip many = new TestZip();
    TestZip.Entry first = many.deflate("0.pkl", longPickle(1 << 20));
    for (int i = 1; i < 60_000; i++) {
      TestZip.Entry entry = many.store("0.pkl", new byte[0]);
      entry.offset = 0;
      entry.centralMethod = 8;
      entry.centralCompressedSize = first.compressedSize;
      entry.centralSize = first.size;
      entry.centralChecksum = first.checksum;
    }
    Counted parts = new Counted(many.bytes());
    FileFacts facts = look(parts);
    assertThat(rules(facts)).contains("CONTENT_NOT_SEARCHED", "ZIP_AMBIGUOUS");
    assertThat(parts.bytes).isLessThan(parts.size() * 3 + 300L * alone.length);
  }

  @Test
  void looksAtSoManyEntriesOnly() throws IOException {
    TestZip zip = new TestZip();
    for (int i = 0; i < 65_540; i++) {
      zip.store("n" + i, new byte[0]);
    }
    zip.isLarge = true;
    Counted parts = new Counted(zip.bytes());
    FileFacts facts = look(parts);
    assertThat(rules(facts)).contains("CONTENT_NOT_SEARCHED");
    assertThat(parts.bytes).isLessThan(3 * parts.size());
  }

  @Test
  void keepsNoMoreOfLongNamesThanItsBound() throws IOException {
    TestZip zip = new TestZip();
    for (int i = 0; i < 400; i++) {
      TestZip.Entry entry = zip.store("n", new byte[0]);
      entry.centralName = new byte[0xffff];
      Arrays.fill(entry.centralName, (byte) ('a' + i % 26));
    }
    Counted parts = new Counted(zip.bytes());
    FileFacts facts = look(parts);
    assertThat(rules(facts)).contains("CONTENT_NOT_SEARCHED");
    assertThat(parts.bytes).isLessThan(40 << 20);
  }

  /** Signatures of headers, one behind the other, are not each searched from again. */
  @Test
  void readsAGapOnce() throws IOException {
    TestZip zip = new TestZip();
    byte[] gap = new byte[8 << 20];
    for (int i = 0; i < gap.length; i += 4) {
      System.arraycopy(Look.bytes("PK\3\4"), 0, gap, i, 4);
    }
    zip.beforeDirectory = gap;
    zip.store("a", EVIL);
    Counted parts = new Counted(zip.bytes());
    FileFacts facts = look(parts);
    assertThat(rules(facts)).contains("ZIP_AMBIGUOUS");
    assertThat(parts.bytes).isLessThan(400L << 20);
    assertThat(parts.reads).isLessThan(500_000);
  }

  @Test
  void searchesLongGapsWithinItsBound() throws IOException {
    TestZip zip = new TestZip();
    zip.store("a", EVIL);
    zip.beforeDirectory = new byte[70 << 20];
    FileFacts facts = look(new Counted(zip.bytes()));
    assertThat(rules(facts)).containsExactly("CONTENT_NOT_SEARCHED");
  }

  @Test
  void readsZipFilesInZipFilesToADepth() {
    byte[] inner = EVIL;
    String name = "data.pkl";
    for (int depth = 1; depth <= 6; depth++) {
      for (boolean isDeflated : new boolean[] {true, false}) {
        TestZip zip = new TestZip();
        if (isDeflated) {
          zip.deflate(name, inner);
        } else {
          zip.store(name, inner);
        }
        FileFacts facts = Look.at("a.zip", zip.bytes());
        if (depth <= 3) {
          assertThat(names(facts)).as("depth %d", depth).containsExactly("os.system");
          assertThat(facts.findings()).isEmpty();
        } else {
          assertThat(names(facts)).isEmpty();
          assertThat(rules(facts)).containsExactly("CONTENT_NOT_SEARCHED");
        }
        if (!isDeflated) {
          inner = zip.bytes();
          name = depth + ".zip";
        }
      }
    }
  }

  @Test
  void inflatesNoLargeZipFileIntoMemory() {
    TestZip inner = new TestZip();
    inner.store("a", new byte[17 << 20]);
    inner.store("data.pkl", EVIL);
    TestZip zip = new TestZip();
    zip.deflate("b.zip", inner.bytes());
    assertThat(rules(Look.at("a.zip", zip.bytes()))).containsExactly("CONTENT_NOT_SEARCHED");
    TestZip stored = new TestZip();
    stored.store("b.zip", inner.bytes());
    assertThat(names(Look.at("a.zip", stored.bytes()))).containsExactly("os.system");
  }
}
