package dev.modelsigning.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.facts.RunnableContent.Kind;
import dev.modelsigning.finding.Finding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes, a reader has facts or a finding; it never fails. Facts are bounded, do not
 * depend on the sizes of the blocks in which a file comes, and no import is hidden by what stands
 * behind it.
 */
class ContentFuzzTest {

  /** Readers of one file at most: a few are asked by one name. */
  private static final int READERS = 6;

  private static final int MAX_MESSAGE = 2 * RunnableContent.MAX_NAME_LENGTH + 200;

  private static final String[] NAMES = {
    "weights",
    "model.pkl",
    "pytorch_model.bin",
    "a.pt",
    "a.npy",
    "a.npz",
    "a.pkl.gz",
    "a.z",
    "a.bz2",
    "a.keras",
    "model.h5",
    "saved_model.pb",
    "keras_metadata.pb",
    "chat_template.jinja",
    "chat_template.json",
    "config.json",
    "tokenizer_config.json",
    "model_index.json",
    "modules.json",
    "README.md",
    "a.safetensors",
    "a.gguf",
    "libx.so.1",
    "x.py",
    "a.dll",
    "a.joblib",
    "a.nemo"
  };

  @MethodSource("pickles")
  @FuzzTest(maxDuration = "60s")
  void readsOrReportsAPickle(byte[] bytes) throws IOException {
    requireAll("model.pkl", bytes);
    requireAll("a.bin", bytes);
    requireImportsKept("model.pkl", bytes);
    requireImportsKept("a.bin", bytes);
  }

  static Stream<byte[]> pickles() {
    return Stream.of(
            PickleContentTest.SYSTEM,
            "cos\nsystem\n(S'id'\ntR.",
            "(S'id'\nios\nsystem\n.",
            "\u0080\u0002cos\nsystem\nX\u0002\0\0\0id\u0085R.",
            "\u0080\u0002U\u0002osq\u0000U\u0006systemq\u0001" + "0h\0h\u0001\u0093.",
            "\u0080\u0004\u0082\u0001\u0083\u0001\0\u0084\u0001\0\0\0.",
            "V\\u006fs\np0\n0V\\x73ystem\np1\n0g0\ng1\n\u0093.",
            "\u0080\u0005\u008e\u0003\0\0\0\0\0\0\0abc\u0096\u0001\0\0\0\0\0\0\0a\u0097\u0098.",
            "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.\u0080\u0002M\u00e9\u0003."
                + "\u0080\u0002}.\u0080\u0002ccollections\nOrderedDict\n)R.\u0080\u0002].raw",
            "\u0080\u0002\u008b\u0002\0\0\0abB\u0001\0\0\0aC\u0001aG12345678J1234(10210e.")
        .map(Look::bytes);
  }

  @MethodSource("zips")
  @FuzzTest(maxDuration = "60s")
  void readsOrReportsAZipFile(byte[] bytes) throws IOException {
    requireAll("a.pt", bytes);
    requireAll("a.zip", bytes);
    requireImportsKept("a.zip", bytes);
  }

  static Stream<byte[]> zips() throws IOException {
    byte[] pickle = Look.bytes(PickleContentTest.SYSTEM);
    byte[] deflated = zip("archive/data.pkl", pickle, ZipEntry.DEFLATED);
    byte[] stored = zip("data.pkl", pickle, ZipEntry.STORED);
    return Stream.of(
        deflated,
        stored,
        zip("b.zip", deflated, ZipEntry.DEFLATED),
        zip("b.zip", stored, ZipEntry.STORED),
        concat(Look.bytes("#!/bin/sh\n"), stored),
        concat(stored, deflated),
        large(stored));
  }

  @MethodSource("arrays")
  @FuzzTest(maxDuration = "60s")
  void readsOrReportsAnArray(byte[] bytes) throws IOException {
    requireAll("a.npy", bytes);
    byte[] array = concat(Look.bytes("\u0093NUMPY"), bytes);
    requireAll("a.npy", array);
    requireAll("weights", array);
    requireImportsKept("weights", array);
  }

  static Stream<byte[]> arrays() {
    String rest = "'fortran_order': False, 'shape': (2,), }\n";
    String objects = "{'descr': '|O', " + rest;
    String numbers = "{'descr': '<f8', " + rest;
    return Stream.of(
            "\u0001\0" + (char) objects.length() + "\0" + objects + PickleContentTest.SYSTEM,
            "\u0001\0" + (char) numbers.length() + "\0" + numbers + PickleContentTest.SYSTEM,
            "\u0003\0" + (char) objects.length() + "\0\0\0" + objects + PickleContentTest.SYSTEM)
        .map(Look::bytes);
  }

  @MethodSource("compressed")
  @FuzzTest(maxDuration = "60s")
  void readsOrReportsWhatIsCompressed(byte[] bytes) throws IOException {
    requireAll("a.pkl.gz", bytes);
    requireAll("a.joblib", bytes);
    requireImportsKept("a.pkl.gz", bytes);
    // What is compressed for certain.
    requireAll("a.gz", gzip(bytes));
    byte[] half = gzip(bytes);
    requireAll("a.gz", Arrays.copyOf(half, half.length - half.length / 3));
  }

  static Stream<byte[]> compressed() throws IOException {
    byte[] pickle = Look.bytes(PickleContentTest.SYSTEM);
    ByteArrayOutputStream zlib = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(zlib)) {
      deflater.write(pickle);
    }
    byte[] gzip = gzip(pickle);
    byte[] named =
        concat(
            Look.bytes("\u001f\u008b\b\u001e\0\0\0\0\0\u0003\u0001\0xname\0text\0cc"),
            Arrays.copyOfRange(gzip, 10, gzip.length));
    return Stream.of(gzip, zlib.toByteArray(), named, concat(gzip, gzip));
  }

  @MethodSource("configurations")
  @FuzzTest(maxDuration = "60s")
  void readsOrReportsAConfiguration(byte[] bytes) throws IOException {
    for (String name : List.of("config.json", "model_index.json", "modules.json")) {
      requireAll(name, bytes);
      requireNamesKept(name, bytes);
    }
  }

  static Stream<byte[]> configurations() {
    return Stream.of(
            "{\"auto_map\":{\"AutoModel\":\"modeling_x.Cls\",\"A\":\"repo--m.C\"},\"n\":[1,-2.5e3]}",
            "{'auto_map': NaN, \"auto_map\":{\"A\":[\"a.B\",null]},}",
            "{\"chat_template\":[{\"name\":\"tool\",\"template\":\"{{x}}\"}]}",
            "{\"class_name\":\"Lambda\",\"module\":\"x\",\"registered_name\":\"a>b\"}",
            "{\"unet\":[\"pipe\",\"Cls\"],\"\\u0061uto_map\":{\"a\":\"\\ud83d\\ude00\\ud800.x\"}}",
            "[{\"idx\":0,\"type\":\"x.y\"}]")
        .map(Look::bytes);
  }

  @MethodSource("searched")
  @FuzzTest(maxDuration = "60s")
  void readsOrReportsWhatIsSearchedForWords(byte[] bytes) throws IOException {
    for (String name : List.of("model.h5", "saved_model.pb", "keras_metadata.pb")) {
      requireAll(name, bytes);
      requireNamesKept(name, bytes);
    }
  }

  static Stream<byte[]> searched() {
    return Stream.of(
            "\u0089HDF\r\n\u001a\n{\"class_name\": \"Lambda\"}\\\"Lambda\\\"\"lambda\"\"__lambda__\"",
            "\u0012\bReadFile\u0012\tWriteFile\u0012\u0006PyFunc\u0012\u000bEagerPyFunc")
        .map(Look::bytes);
  }

  /** A name, from the table or of its own, and what is in the file. */
  @MethodSource("files")
  @FuzzTest(maxDuration = "60s")
  void readsOrReportsAnyFile(byte[] bytes) throws IOException {
    if (bytes.length < 2) {
      return;
    }
    int choice = bytes[0] & 0xff;
    int length = Math.min(choice, bytes.length - 1);
    String name =
        choice < NAMES.length
            ? NAMES[choice]
            : new String(bytes, 1, length, StandardCharsets.UTF_8);
    int from = choice < NAMES.length ? 1 : 1 + length;
    requireAll(name, Arrays.copyOfRange(bytes, from, bytes.length));
  }

  static Stream<byte[]> files() throws IOException {
    byte[] any = Look.bytes("(dir/an-own-name-of-some-characters.so.1.2\u007fELF");
    return Stream.of(
            Stream.of(any),
            numbered(pickles(), 2),
            numbered(zips(), 3),
            numbered(arrays(), 4),
            numbered(compressed(), 6),
            numbered(configurations(), 16),
            numbered(searched(), 11))
        .flatMap(all -> all);
  }

  private static Stream<byte[]> numbered(Stream<byte[]> all, int name) {
    return all.map(one -> concat(new byte[] {(byte) name}, one));
  }

  /** The requirements for every reader. */
  private static void requireAll(String name, byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    FileFacts facts = Look.at(name, bytes, bytes.length);
    requireBounded(facts);
    Random random = new Random(Arrays.hashCode(bytes));
    int most = 1 + random.nextInt(32);
    assertThat(Look.at(name, Look.parts(bytes), () -> 1 + random.nextInt(most))).isEqualTo(facts);
  }

  private static void requireBounded(FileFacts facts) {
    assertThat(facts.runnable())
        .hasSizeLessThanOrEqualTo(READERS * (FoundFacts.MAX_PARTS + Kind.values().length));
    for (RunnableContent one : facts.runnable()) {
      assertThat(one.names()).hasSizeLessThanOrEqualTo(RunnableContent.MAX_NAMES);
      one.names().forEach(ContentFuzzTest::requireName);
      one.part().ifPresent(ContentFuzzTest::requireName);
      assertThat(one.more()).isNotNegative();
      assertThat(one.unusual() && one.names().isEmpty()).isFalse();
    }
    assertThat(facts.findings())
        .hasSizeLessThanOrEqualTo(
            READERS * ContentRules.all().size() * (FoundFacts.MAX_FINDINGS + 1));
    for (Finding finding : facts.findings()) {
      assertThat(finding.message()).hasSizeLessThanOrEqualTo(MAX_MESSAGE);
      assertThat(finding.file()).isPresent();
    }
  }

  private static void requireName(String name) {
    assertThat(name).hasSizeLessThanOrEqualTo(RunnableContent.MAX_NAME_LENGTH);
  }

  /**
   * Nothing that a file names is hidden by bytes that are appended to it. Pickles are left out: the
   * end of a file may make one of what is none, by cutting off a name before a character that no
   * name has.
   */
  private static void requireNamesKept(String name, byte[] bytes) throws IOException {
    byte[] before = beginning(bytes);
    if (before.length > 0) {
      Predicate<RunnableContent> searched = one -> one.kind() != Kind.PICKLE;
      assertThat(number(Look.at(name, bytes), searched))
          .isGreaterThanOrEqualTo(number(Look.at(name, before), searched));
    }
  }

  /** The same, where a name may be reported that the end of the file truncates. */
  private static void requireImportsKept(String name, byte[] bytes) throws IOException {
    byte[] before = beginning(bytes);
    if (before.length == 0) {
      return;
    }
    FileFacts shorter = Look.at(name, before);
    FileFacts longer = Look.at(name, bytes);
    boolean isOpen =
        Look.rules(shorter).contains("ZIP_AMBIGUOUS")
            || Look.rules(longer).contains("CONTENT_NOT_SEARCHED");
    if (!isOpen) {
      long cut =
          shorter.findings().stream()
              .filter(one -> one.rule().equals(ContentRules.CONTENT_BROKEN))
              .count();
      Predicate<RunnableContent> all = one -> true;
      assertThat(number(longer, all)).isGreaterThanOrEqualTo(number(shorter, all) - cut);
    }
  }

  private static byte[] beginning(byte[] bytes) {
    int length = new Random(Arrays.hashCode(bytes)).nextInt(bytes.length + 1);
    return Arrays.copyOf(bytes, length);
  }

  /**
   * How many different names are told. An entry of a zip file whose two headers call it differently
   * is told twice, and once if the file ends in another directory, which does not have it.
   */
  private static long number(FileFacts facts, Predicate<RunnableContent> which) {
    List<RunnableContent> some = facts.runnable().stream().filter(which).toList();
    return some.stream().flatMap(one -> one.names().stream()).distinct().count()
        + some.stream().mapToLong(RunnableContent::more).sum();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream compressor = new GZIPOutputStream(gzip)) {
      compressor.write(bytes);
    }
    return gzip.toByteArray();
  }

  private static byte[] zip(String name, byte[] content, int method) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setLevel(Deflater.BEST_COMPRESSION);
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(method);
      if (method == ZipEntry.STORED) {
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
      }
      zip.putNextEntry(entry);
      zip.write(content);
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }

  /** With end records for large files, too. */
  private static byte[] large(byte[] zip) {
    int end = zip.length - 22;
    ByteBuffer old = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    return ByteBuffer.allocate(zip.length + 76)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(zip, 0, end)
        .putInt(0x06064b50)
        .putLong(44)
        .putInt(45)
        .putLong(0)
        .putLong(1)
        .putLong(1)
        .putLong(old.getInt(end + 12))
        .putLong(old.getInt(end + 16))
        .putInt(0x07064b50)
        .putInt(0)
        .putLong(end)
        .putInt(1)
        .put(zip, end, 22)
        .array();
  }
}
