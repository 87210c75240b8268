package dev.modelsigning.content;

import static dev.modelsigning.content.Look.names;
import static dev.modelsigning.content.Look.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.content.testing.TestZip;
import dev.modelsigning.content.testing.TestZip.Entry;
import dev.modelsigning.facts.FileFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contradictions between local headers and the central directory. Files written by ordinary
 * programs have no finding.
 */
class ZipHeadersTest {

  private static final byte[] EVIL = Look.bytes(PickleContentTest.SYSTEM);
  private static final byte[] OLD = Look.bytes("cos\nsystem\n(S'id'\ntR.");
  private static final byte[] TEXT = Look.bytes("hello, world\n".repeat(20));

  private static FileFacts look(TestZip zip) {
    return Look.at("a.pt", zip.bytes());
  }

  /** Made by zipfile of Python 3 and by Zip 3.0 of Info-ZIP. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "py-stored",
        "py-deflated",
        "py-force64",
        "py-stream",
        "py-stream64",
        "py-prefix",
        "py-comment",
        "py-nested",
        "py-empty",
        "iz",
        "iz-fd",
        "iz-pipe",
        "iz-stdin",
        "iz-fz",
        "iz-utf",
        "iz-del"
      })
  void findsNothingInFilesOfOtherPrograms(String name) throws IOException {
    try (InputStream in = ZipHeadersTest.class.getResourceAsStream("/zip/" + name + ".zip")) {
      assertThat(in).isNotNull();
      byte[] bytes = in.readAllBytes();
      assertThat(Look.at(name + ".zip", bytes).findings()).isEmpty();
      assertThat(Look.at(name + ".pt", bytes).findings()).isEmpty();
      for (int i = 0; i < bytes.length; i++) {
        for (int change : new int[] {0xff, 1, bytes[i]}) {
          byte[] bad = bytes.clone();
          bad[i] ^= (byte) change;
          assertThat(Look.at(name + ".zip", bad)).isNotNull();
        }
      }
    }
  }

  @Test
  void findsNothingInFilesOfTheJdk() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("dir/"));
      zip.putNextEntry(new ZipEntry("dir/empty"));
      zip.putNextEntry(new ZipEntry("dir/data.pkl"));
      zip.write(EVIL);
      zip.putNextEntry(new ZipEntry("dir/\u00e4\u4e2d"));
      zip.write(TEXT);
    }
    FileFacts facts = Look.at("a.zip", bytes.toByteArray());
    assertThat(facts.findings()).isEmpty();
    assertThat(names(facts)).containsExactly("os.system");
  }

  /** torch.save: not compressed, descriptors, and data padded to 64 bytes by an extra field. */
  @Test
  void findsNothingInTheLayoutOfTorch() {
    TestZip zip = new TestZip();
    for (String name : new String[] {"a/data.pkl", "a/byteorder", "a/data/0", "a/version"}) {
      Entry entry = zip.store(name, name.endsWith("pkl") ? EVIL : TEXT).withDescriptor();
      entry.flags |= 0x800;
      entry.centralFlags |= 0x800;
      entry.extra = TestZip.extra(0x4246, "Z".repeat(21).getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(look(zip).findings()).isEmpty();
    zip.isLarge = true;
    assertThat(look(zip).findings()).isEmpty();
    assertThat(names(look(zip))).containsExactly("os.system");
  }

  /** As it writes one behind the first 4 GiB. */
  @Test
  void takesDescriptorsOfEachForm() {
    TestZip zip = new TestZip();
    Entry entry = zip.deflate("data.pkl", EVIL).withDescriptor();
    byte[] with = entry.descriptor;
    entry.descriptor = Arrays.copyOfRange(with, 4, 16);
    assertThat(look(zip).findings()).isEmpty();
    byte[] large = Arrays.copyOf(with, 24);
    Arrays.fill(large, 8, 24, (byte) 0);
    large[8] = with[8];
    large[16] = with[12];
    entry.descriptor = large;
    assertThat(look(zip).findings()).isEmpty();
    entry.descriptor = Arrays.copyOfRange(large, 4, 24);
    assertThat(look(zip).findings()).isEmpty();
  }

  @Test
  void takesSizesFromFieldsForLargeOnes() {
    TestZip zip = new TestZip();
    Entry entry = zip.store("data.pkl", EVIL);
    entry.compressedSize = -1;
    entry.size = -1;
    entry.extra = TestZip.large(EVIL.length, EVIL.length);
    assertThat(look(zip).findings()).isEmpty();
    entry.centralCompressedSize = -1;
    entry.centralSize = -1;
    entry.centralExtra = TestZip.large(EVIL.length, EVIL.length);
    assertThat(look(zip).findings()).isEmpty();
    assertThat(names(look(zip))).containsExactly("os.system");
    entry.extra = TestZip.large(EVIL.length - 1, EVIL.length);
    assertThat(rules(look(zip))).containsExactly("ZIP_HEADERS_DISAGREE");
  }

  @Test
  void tellsOfEachFieldThatDiffers() {
    Map<String, Consumer<Entry>> changes = new TreeMap<>();
    changes.put("name", e -> e.name = Look.bytes("datb.pkl"));
    changes.put("method", e -> e.method = 0);
    changes.put("encrypted", e -> e.flags |= 1);
    changes.put("encrypted in the directory", e -> e.centralFlags |= 1);
    changes.put("descriptor", e -> e.flags |= 8);
    changes.put("descriptor in the directory", e -> e.centralFlags |= 8);
    changes.put("compressed size", e -> e.compressedSize--);
    changes.put("larger compressed size", e -> e.compressedSize++);
    changes.put("size", e -> e.size--);
    changes.put("no size", e -> e.size = 0);
    changes.put("checksum", e -> e.checksum++);
    changes.put("another size in a descriptor's place", e -> e.withDescriptor().size = 7);
    changes.put("descriptor's checksum", e -> e.withDescriptor().descriptor[4]++);
    changes.put("descriptor's size", e -> e.withDescriptor().descriptor[12]++);
    changes.put("no descriptor", e -> e.withDescriptor().descriptor = new byte[0]);
    changes.put("other name", e -> e.extra = TestZip.extra(0x7075, Look.bytes("\1....evil.pkl")));
    changes.put(
        "other name in the directory",
        e -> e.centralExtra = TestZip.extra(0x7075, Look.bytes("\1....evil.pkl")));
    changes.forEach((what, change) -> {
      TestZip zip = new TestZip();
      Entry entry = zip.deflate("data.pkl", EVIL);
      change.accept(entry);
      FileFacts facts = look(zip);
      assertThat(rules(facts)).as(what).contains("ZIP_HEADERS_DISAGREE");
      assertThat(names(facts)).as(what).contains("os.system");
    });
  }

  @Test
  void tellsOfANameThatIsUtf8InOneHeaderOnly() {
    TestZip zip = new TestZip();
    Entry entry = zip.store("data.pkl", EVIL);
    entry.flags |= 0x800;
    assertThat(look(zip).findings()).isEmpty();
    entry.name = Look.bytes("\u00c3\u00a4.pkl");
    entry.centralName = entry.name;
    assertThat(rules(look(zip))).containsExactly("ZIP_HEADERS_DISAGREE");
  }

  @Test
  void tellsOfTwoSizesOfWhatIsNotCompressed() {
    TestZip zip = new TestZip();
    Entry entry = zip.store("data.pkl", EVIL);
    entry.size = 3;
    entry.centralSize = 3;
    assertThat(rules(look(zip))).containsExactly("ZIP_HEADERS_DISAGREE");
    assertThat(names(look(zip))).containsExactly("os.system");
  }

  /** Protocol 0 has no mark: only the name in one of the headers says what it is. */
  @Test
  void readsWhatOnlyTheLocalHeaderNames() {
    TestZip zip = new TestZip();
    zip.store("notes.txt", OLD).name = Look.bytes("notes.pkl");
    assertThat(names(look(zip))).containsOnly("os.system");
  }

  /** A program that reads sequentially uses the local header, or the data. */
  @Test
  void readsWhatTheDirectorySaysIsShorter() {
    TestZip zip = new TestZip();
    zip.store("data.pkl", EVIL).centralCompressedSize = 0;
    assertThat(names(look(zip))).containsExactly("os.system");
    assertThat(rules(look(zip))).contains("ZIP_HEADERS_DISAGREE");
    TestZip open = new TestZip();
    open.deflate("data.pkl", EVIL).withDescriptor().centralCompressedSize = 0;
    assertThat(names(look(open))).containsExactly("os.system");
    assertThat(rules(look(open))).contains("ZIP_HEADERS_DISAGREE");
  }

  @Test
  void saysWhatIsNotLookedInto() {
    TestZip zip = new TestZip();
    Entry entry = zip.store("data.pkl", EVIL);
    entry.flags = 1;
    entry.centralFlags = 1;
    assertThat(rules(look(zip))).containsExactly("CONTENT_NOT_SEARCHED");
    assertThat(look(zip).findings().get(0).message()).contains("data.pkl: it is encrypted");
    entry.flags = 0;
    entry.centralFlags = 0;
    for (int method : new int[] {1, 9, 12, 14, 93, 95, 0xffff}) {
      entry.method = method;
      entry.centralMethod = method;
      assertThat(rules(look(zip))).containsExactly("CONTENT_NOT_SEARCHED");
      assertThat(look(zip).findings().get(0).message()).contains("method " + method);
    }
  }

  /** What stands before a fault in compressed data was run already by who loads it. */
  @Test
  void readsWhatStandsBeforeAFaultInCompressedData() {
    TestZip zip = new TestZip();
    Entry entry = zip.deflate("data.pkl", EVIL);
    // A block that is not compressed, not the last one; then one of no known kind.
    byte[] data = new byte[5 + EVIL.length + 1];
    data[1] = (byte) EVIL.length;
    data[3] = (byte) ~EVIL.length;
    data[2] = 0;
    data[4] = -1;
    System.arraycopy(EVIL, 0, data, 5, EVIL.length);
    data[data.length - 1] = 7;
    entry.data = data;
    entry.compressedSize = data.length;
    entry.centralCompressedSize = data.length;
    assertThat(names(look(zip))).containsExactly("os.system");
    assertThat(rules(look(zip))).containsExactly("CONTENT_BROKEN");
  }
}
