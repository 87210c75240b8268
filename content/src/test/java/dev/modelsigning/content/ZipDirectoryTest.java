package dev.modelsigning.content;

import static dev.modelsigning.content.Look.names;
import static dev.modelsigning.content.Look.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.content.testing.TestZip;
import dev.modelsigning.content.testing.TestZip.Entry;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileParts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The entries that programs find in a zip file. */
class ZipDirectoryTest {

  private static final byte[] EVIL = Look.bytes(PickleContentTest.SYSTEM);
  private static final byte[] TEXT = Look.bytes("hello, world\n".repeat(20));

  private static TestZip good() {
    TestZip zip = new TestZip();
    zip.store("archive/version", TEXT);
    return zip;
  }

  private static byte[] evil() {
    TestZip zip = new TestZip();
    zip.store("data.pkl", EVIL);
    return zip.bytes();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static void assertEvil(String what, byte[] bytes, String... rules) {
    FileFacts facts = Look.at("a.pt", bytes);
    assertThat(names(facts)).as(what).contains("os.system");
    assertThat(rules(facts)).as(what).contains(rules);
  }

  @Test
  void findsEntriesThatAreInNoDirectory() {
    TestZip zip = good();
    zip.deflate("data.pkl", EVIL).isInDirectory = false;
    assertEvil("at the end", zip.bytes(), "ZIP_AMBIGUOUS");
    zip.store("more", TEXT);
    assertEvil("in the middle", zip.bytes(), "ZIP_AMBIGUOUS");
    TestZip first = new TestZip();
    first.deflate("data.pkl", EVIL).withDescriptor().isInDirectory = false;
    first.store("more", TEXT);
    assertEvil("at the beginning, with a descriptor", first.bytes(), "ZIP_AMBIGUOUS");
  }

  @Test
  void findsEntriesInAComment() {
    TestZip zip = good();
    zip.comment = evil();
    assertEvil("comment", zip.bytes(), "ZIP_AMBIGUOUS");
  }

  /** Programs go by the last end record, by the first whose comment ends the file, by any. */
  @Test
  void readsAllOfSeveralDirectories() {
    byte[] good = good().bytes();
    assertEvil("the last one is good", join(evil(), good), "ZIP_AMBIGUOUS");
    assertEvil("the first one is good", join(good, evil()), "ZIP_AMBIGUOUS");
    TestZip suffix = good();
    suffix.suffix = evil();
    assertEvil("behind the end", suffix.bytes(), "ZIP_AMBIGUOUS");
    TestZip twice = good();
    twice.suffix = new byte[] {'P', 'K', 5, 6};
    assertThat(rules(Look.at("a.pt", twice.bytes()))).contains("ZIP_AMBIGUOUS");
    TestZip empty = new TestZip();
    assertEvil("an empty one behind it", join(evil(), empty.bytes()), "ZIP_AMBIGUOUS");
  }

  @Test
  void tellsOfBytesBehindTheEnd() {
    TestZip zip = good();
    zip.suffix = new byte[1];
    assertThat(rules(Look.at("a.pt", zip.bytes()))).containsExactly("ZIP_AMBIGUOUS");
    zip.suffix = new byte[0];
    zip.comment = new byte[0xffff];
    assertThat(Look.at("a.pt", zip.bytes()).findings()).isEmpty();
  }

  @Test
  void tellsOfBytesBeforeTheFirstEntryThatAreNotCounted() {
    assertEvil("before", join(Look.bytes("#!/bin/sh\n"), evil()), "ZIP_AMBIGUOUS");
    TestZip counted = new TestZip();
    counted.prefix = Look.bytes("#!/bin/sh\n");
    counted.store("data.pkl", EVIL);
    assertThat(Look.at("a.pyz", counted.bytes()).findings()).isEmpty();
    assertEvil("counted", counted.bytes());
  }

  /** One program uses what is directly before the end record, another the offset. */
  @Test
  void readsBothDirectoriesIfTheOffsetIsOfAnother() {
    byte[] evil = evil();
    int directory = evil.length - 22 - 54;
    byte[] good = good().bytes();
    byte[] both = join(Arrays.copyOf(evil, evil.length - 22), good);
    ByteBuffer.wrap(both).order(ByteOrder.LITTLE_ENDIAN).putInt(both.length - 6, directory);
    assertEvil("offset of another", both, "ZIP_AMBIGUOUS");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 65_000, 0x10000 - 2})
  void tellsOfACountThatLies(int lie) {
    TestZip zip = good();
    zip.store("data.pkl", EVIL);
    zip.lieCount = lie;
    assertEvil("count", zip.bytes(), "ZIP_AMBIGUOUS");
  }

  @ParameterizedTest
  @ValueSource(ints = {-46, -1, 1, 20, 1_000_000, Integer.MIN_VALUE, -2_000_000})
  void readsTheDirectoryThoughItsSizeLies(int lie) {
    TestZip zip = good();
    zip.store("data.pkl", EVIL);
    zip.lieSize = lie;
    FileFacts facts = Look.at("a.pt", zip.bytes());
    assertThat(names(facts)).contains("os.system");
    assertThat(rules(facts)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 46, 1_000_000, Integer.MIN_VALUE})
  void readsTheDirectoryThoughItsOffsetLies(int lie) {
    TestZip zip = good();
    zip.store("data.pkl", EVIL);
    zip.lieOffset = lie;
    FileFacts facts = Look.at("a.pt", zip.bytes());
    assertThat(rules(facts)).isNotEmpty();
    assertThat(names(facts)).contains("os.system");
  }

  @Test
  void readsRecordsForLargeFiles() {
    TestZip zip = good();
    zip.store("data.pkl", EVIL);
    zip.isLarge = true;
    assertThat(Look.at("a.pt", zip.bytes()).findings()).isEmpty();
    assertEvil("large", zip.bytes());
  }

  @Test
  void tellsOfTwoRecordsForLargeFiles() {
    byte[] evil = evil();
    int size = 54;
    int directory = evil.length - 22 - size;
    byte[] other = Arrays.copyOf(TestZip.largeEnd(1, size, directory, 0), 56);
    TestZip zip = good();
    zip.isLarge = true;
    byte[] good = zip.bytes();
    byte[] bytes = join(Arrays.copyOf(evil, evil.length - 22), other, good);
    // The locator says where the other one is, and right before it is its own.
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length - 22 - 12, evil.length - 22);
    assertEvil("two large records", bytes, "ZIP_AMBIGUOUS");
  }

  @Test
  void tellsOfALocatorWithoutARecord() {
    TestZip zip = good();
    zip.isLarge = true;
    byte[] bytes = zip.bytes();
    bytes[bytes.length - 22 - 76] = 'Q';
    assertThat(rules(Look.at("a.pt", bytes))).contains("ZIP_AMBIGUOUS", "CONTENT_BROKEN");
  }

  @Test
  void tellsOfDuplicatesAndOverlaps() {
    TestZip zip = good();
    zip.store("data.pkl", TEXT);
    zip.store("data.pkl", EVIL);
    assertEvil("same name", zip.bytes(), "ZIP_AMBIGUOUS");
    TestZip place = new TestZip();
    place.store("data.pkl", EVIL);
    place.store("data.pkl", EVIL).offset = 0;
    assertEvil("same place", place.bytes(), "ZIP_AMBIGUOUS");
    TestZip inside = new TestZip();
    inside.store("outer", evil());
    Entry inner = inside.store("data.pkl", EVIL);
    inner.offset = 30L + "outer".length();
    assertEvil("inside", inside.bytes(), "ZIP_AMBIGUOUS");
    TestZip over = good();
    Entry directory = over.store("data.pkl", EVIL);
    directory.compressedSize += 50;
    directory.centralCompressedSize += 50;
    assertEvil("over the directory", over.bytes(), "ZIP_AMBIGUOUS");
  }

  /** What is in a zip file that is an entry is not taken for a part of the outer one. */
  @Test
  void keepsZipFilesInEntriesApart() {
    TestZip zip = new TestZip();
    zip.store("b.npz", evil());
    FileFacts facts = Look.at("a.zip", zip.bytes());
    assertThat(facts.findings()).isEmpty();
    assertThat(facts.runnable().get(0).part()).contains("b.npz!/data.pkl");
  }

  @Test
  void readsNamesAsProgramsDo() {
    TestZip nul = new TestZip();
    byte[] old = Look.bytes("cos\nsystem\n(S'id'\ntR.");
    nul.store("data.pkl\0.txt", old);
    assertEvil("zero byte", nul.bytes(), "ZIP_AMBIGUOUS");
    for (String name : List.of("..\\data.pkl", "../../data.pkl", "/data.pkl", "\u00ff\u00fe.pkl")) {
      TestZip zip = new TestZip();
      zip.store(name, old);
      assertEvil(name, zip.bytes());
    }
    TestZip config = new TestZip();
    config.store("a\\config.json", Look.bytes("{\"auto_map\": {\"AutoModel\": \"evil.Model\"}}"));
    assertThat(Look.at("a.keras", config.bytes()).runnable()).hasSize(1);
  }

  /** By chance, four bytes of tensors look like an end record. */
  @Test
  void saysNothingOfDataThatLookLikeAnEnd() {
    byte[] bytes = new byte[1000];
    System.arraycopy(Look.bytes("PK\5\6"), 0, bytes, 500, 4);
    assertThat(Look.at("a.bin", bytes)).isEqualTo(FileFacts.NONE);
  }

  @Test
  void survivesBeingCutAnywhere() {
    TestZip zip = good();
    zip.deflate("data.pkl", EVIL).withDescriptor();
    zip.store("b.zip", evil());
    zip.isLarge = true;
    zip.comment = TEXT;
    byte[] bytes = zip.bytes();
    for (int length = 4; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThat(Look.at("a.pt", cut).findings()).as("cut at %d", length).isNotEmpty();
      assertThat(Look.at("a", Arrays.copyOfRange(bytes, length, bytes.length))).isNotNull();
    }
  }

  /** A file of 5 GB, nearly all of which is a hole, with an entry behind 4 GB. */
  @Test
  void readsEntriesBehindFourGibibytes(@TempDir Path dir) throws IOException {
    long hole = 5_000_000_000L;
    byte[] tensor = new byte[0];
    TestZip zip = new TestZip();
    Entry first = zip.store("archive/data/0", tensor);
    first.compressedSize = -1;
    first.size = -1;
    first.extra = TestZip.large(hole, hole);
    first.checksum = 0;
    byte[] start = Arrays.copyOf(zip.bytes(), 30 + 14 + 20);
    TestZip second = new TestZip();
    second.store("archive/data.pkl", EVIL);
    byte[] end = Arrays.copyOf(second.bytes(), 30 + 16 + EVIL.length);
    long secondAt = start.length + hole;
    long directoryAt = secondAt + end.length;
    TestZip both = new TestZip();
    Entry large = both.store("archive/data/0", tensor);
    large.centralCompressedSize = -1;
    large.centralSize = -1;
    large.centralExtra = TestZip.large(hole, hole);
    Entry far = both.store("archive/data.pkl", EVIL);
    far.offset = 0xffff_ffffL;
    far.centralExtra = TestZip.large(secondAt);
    byte[] made = both.bytes();
    int length = 46 + 14 + 20 + 46 + 16 + 12;
    byte[] directory = Arrays.copyOfRange(made, made.length - 22 - length, made.length);
    ByteBuffer.wrap(directory)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(length + 8, (short) -1)
        .putShort(length + 10, (short) -1)
        .putInt(length + 12, -1)
        .putInt(length + 16, -1);
    byte[] tail =
        join(
            Arrays.copyOf(directory, length),
            TestZip.largeEnd(2, length, directoryAt, directoryAt + length),
            Arrays.copyOfRange(directory, length, length + 22));
    Path path = dir.resolve("a.pt");
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(start), 0);
      channel.write(ByteBuffer.wrap(end), secondAt);
      channel.write(ByteBuffer.wrap(tail), directoryAt);
      FileParts parts = FileParts.of(channel, channel.size(), "a.pt");
      ByteBuffer shown = ByteBuffer.wrap(start).asReadOnlyBuffer();
      var inspection = ModelContents.INSTANCE.begin("a.pt", channel.size(), shown);
      FileFacts facts = inspection.orElseThrow().end(Optional.of(parts));
      assertThat(facts.findings()).isEmpty();
      assertThat(names(facts)).containsExactly("os.system");
    }
    Files.delete(path);
  }
}
