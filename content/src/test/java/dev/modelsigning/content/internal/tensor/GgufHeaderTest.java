package dev.modelsigning.content.internal.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.content.CardRules;
import dev.modelsigning.content.testing.Looked;
import dev.modelsigning.content.testing.MemoryParts;
import dev.modelsigning.content.testing.TestGguf;
import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.facts.RunnableContent.Kind;
import dev.modelsigning.finding.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufHeaderTest {

  private static final String NAME = "model.gguf";

  private static void assertFound(FileFacts facts, Rule rule, String problem) {
    assertThat(facts.card()).isEmpty();
    assertThat(facts.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.message()).startsWith(NAME + ": ").contains(problem);
          assertThat(finding.rule()).isEqualTo(rule);
          assertThat(finding.file()).contains(NAME);
        });
  }

  private static void assertMalformed(TestGguf file, String problem) throws IOException {
    assertFound(Looked.into(NAME, file.file()), CardRules.TENSORS_MALFORMED, problem);
  }

  private static void assertNotRead(TestGguf file, String problem) throws IOException {
    assertFound(Looked.into(NAME, file.file()), CardRules.TENSORS_NOT_READ, problem);
  }

  private static TestGguf gguf() {
    return TestGguf.littleEndian();
  }

  static Stream<TestGguf> orders() {
    return Stream.of(
        TestGguf.littleEndian(), TestGguf.bigEndian(), TestGguf.littleEndian().version(2));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void readsWhatAFileStatesAndWhatCanRun(TestGguf file) throws IOException {
    file.text("general.architecture", "llama")
        .text("general.license", "mit")
        .text("general.license.link", "https://example.org")
        .texts("general.languages", "en", "de")
        .text("general.base_model.0.name", "Base")
        .text("general.base_model.0.repo_url", "https://example.org/base")
        .text("general.base_model.0.organization", "Org")
        .text("general.dataset.0.name", "Data")
        .text("general.name", "Mine")
        .number("general.file_type", 2)
        .texts("tokenizer.ggml.tokens", "<s>", "a", "b")
        .bytes("tokenizer.ggml.types", new byte[100_000])
        .text("tokenizer.chat_template", "{{ x }}")
        .text("tokenizer.chat_template.tool_use", "{{ y }}")
        .text("tokenizer.chat_templates", "no template")
        .floats("a", 1, 2, 3)
        .floats("b", 4);
    FileFacts facts = Looked.into(NAME, file.file());
    assertThat(facts.findings()).isEmpty();
    assertThat(facts.runnable())
        .containsExactly(
            new RunnableContent(
                NAME,
                Optional.empty(),
                Kind.TEMPLATE,
                List.of("tokenizer.chat_template", "tokenizer.chat_template.tool_use"),
                0,
                false));
    assertThat(facts.card())
        .containsExactlyInAnyOrder(
            new CardEntry(Field.ARCHITECTURE, List.of("llama"), NAME),
            new CardEntry(Field.LICENSE, List.of("mit"), NAME),
            new CardEntry(Field.LICENSE_NAME, List.of("https://example.org"), NAME),
            new CardEntry(Field.LANGUAGE, List.of("en", "de"), NAME),
            new CardEntry(Field.BASE_MODEL, List.of("Base", "https://example.org/base"), NAME),
            new CardEntry(Field.DATASETS, List.of("Data"), NAME));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void readsWhereTensorsAreAndWhichPartOfAModelItIs(TestGguf file) throws Exception {
    byte[] bytes =
        file.number("general.alignment", 64)
            .uint16("split.no", 2)
            .uint16("split.count", 40_000)
            .floats("a", 1, 2, 3)
            .floats("b", 4)
            .file();
    GgufHeader header = new GgufHeader(new MemoryParts(bytes));
    TensorTable table = header.read();
    long start = bytes.length - 68L;
    assertThat(start % 64).isZero();
    assertThat(table.tensors())
        .containsEntry("a", new Tensor("F32", List.of(3L), start, 12))
        .containsEntry("b", new Tensor("F32", List.of(1L), start + 64, 4));
    assertThat(header.splitNumber()).hasValue(2);
    assertThat(header.splitCount()).hasValue(40_000);
  }

  @Test
  void knowsTheLengthOfBlocks() throws Exception {
    byte[] bytes = gguf().info("a", TestGguf.Q4_0, 0, 64, 3).data(new byte[6 * 18]).file();
    assertThat(new GgufHeader(new MemoryParts(bytes)).read().tensors().get("a"))
        .satisfies(tensor -> assertThat(tensor.length()).isEqualTo(108));
  }

  /** A file of the hub's cache, or of a store by digests, has another name. */
  @Test
  void isKnownByItsFirstBytesToo() throws IOException {
    byte[] file = gguf().text("tokenizer.chat_template", "x").file();
    for (String name : List.of("blobs/sha256-17", "a.safetensors", "x.bin")) {
      assertThat(Looked.into(name, file).runnable()).hasSize(1);
    }
  }

  @Test
  void refusesAFileThatIsCutOff() throws IOException {
    byte[] good =
        gguf()
            .texts("general.languages", "en")
            .bytes("x", new byte[3])
            .text("y", "z")
            .number("n", 1)
            .floats("a", 1, 2)
            .file();
    assertThat(Looked.into(NAME, good).findings()).isEmpty();
    for (int length = 1; length < good.length; length++) {
      assertFound(
          Looked.into(NAME, Arrays.copyOf(good, length)), CardRules.TENSORS_MALFORMED, NAME);
    }
  }

  /** Programs that continue to read use them, so they are reported. */
  @Test
  void tellsOfTemplatesBeforeWhatIsWrong() throws IOException {
    FileFacts facts =
        Looked.into(
            NAME,
            gguf()
                .text("general.license", "mit")
                .text("tokenizer.chat_template", "x")
                .key("y", 99)
                .file());
    assertThat(facts.runnable()).hasSize(1);
    assertFound(
        facts, CardRules.TENSORS_MALFORMED, "y: expected a type of value from 0 to 12, found 99");
  }

  @Test
  void refusesAnotherBeginning() throws IOException {
    assertFound(
        Looked.into(NAME, "GGUX" + "x".repeat(100)),
        CardRules.TENSORS_MALFORMED,
        "expected a file that begins with GGUF");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 0x04000000, 0xffff0000})
  void readsNoOtherVersion(int version) throws IOException {
    assertNotRead(gguf().version(version), "expected version 2 or 3 of GGUF");
  }

  @Test
  void boundsNumbersBeforeAnythingIsRead() throws IOException {
    assertMalformed(
        gguf().counts(0, -1), "expected at most 65536 keys, found 18446744073709551615");
    assertMalformed(gguf().counts(-1, 0), "expected at most 250000 tensors, found 184467440737095");
    assertMalformed(gguf().counts(0, Long.MAX_VALUE), "expected at most 65536 keys");
    assertMalformed(gguf().counts(0, 65_536), "goes on beyond the file");
    assertMalformed(gguf().counts(250_000, 0), "goes on beyond the file");
    assertNotRead(
        gguf().bytes("x", new byte[300_000]).counts(250_001, 1), "expected at most 250000 tensors");
    assertNotRead(
        gguf().bytes("x", new byte[70_000]).counts(0, 65_537), "expected at most 65536 keys");
  }

  @Test
  void boundsStringsAndLists() throws IOException {
    TestGguf file = gguf();
    ByteBuffer huge = file.int64(Long.MAX_VALUE);
    ByteBuffer negative = file.int64(-1);
    for (ByteBuffer length : List.of(huge, negative)) {
      for (String key : List.of("general.name", "x")) {
        assertMalformed(gguf().key(key, TestGguf.STRING).raw(length), "goes on beyond the file");
        for (int type : new int[] {TestGguf.STRING, TestGguf.ARRAY}) {
          assertMalformed(
              gguf().key(key, TestGguf.ARRAY).raw(file.int32(type)).raw(length),
              "goes on beyond the file");
        }
        for (int type : new int[] {TestGguf.UINT8, TestGguf.UINT64}) {
          assertMalformed(
              gguf().key(key, TestGguf.ARRAY).raw(file.int32(type)).raw(length),
              "expected a list within the file");
        }
      }
    }
    assertMalformed(gguf().text("k".repeat(65_536), ""), "a key: expected at most 65535 bytes");
    assertMalformed(gguf().info("n".repeat(1_025), 0, 0), "the name of a tensor: expected at most");
    assertMalformed(
        gguf().key("x", TestGguf.ARRAY).raw(file.int32(77)).raw(file.int64(1)),
        "expected a type of value from 0 to 12, found 77");
  }

  @Test
  void boundsListsInLists() throws IOException {
    TestGguf file = gguf().key("x", TestGguf.ARRAY);
    for (int i = 0; i < 4; i++) {
      file.raw(file.int32(TestGguf.ARRAY)).raw(file.int64(1));
    }
    assertMalformed(
        file.raw(file.int32(TestGguf.UINT8)).raw(file.int64(0)),
        "x: expected lists in lists up to a depth of 4");
    TestGguf fits = gguf().key("x", TestGguf.ARRAY);
    for (int i = 0; i < 3; i++) {
      fits.raw(fits.int32(TestGguf.ARRAY)).raw(fits.int64(1));
    }
    fits.raw(fits.int32(TestGguf.UINT8)).raw(fits.int64(0));
    assertThat(Looked.into(NAME, fits.file())).isEqualTo(FileFacts.NONE);
  }

  @Test
  void refusesNamesThatComeTwice() throws IOException {
    assertMalformed(gguf().text("a", "x").number("a", 1), "expected each key once, found a again");
    assertMalformed(
        gguf().floats("a", 1).floats("a", 2), "expected each tensor once, found a again");
  }

  @Test
  void keepsNamesApartThatAreNotUtf8() throws IOException {
    TestGguf file = gguf();
    for (byte last : new byte[] {(byte) 0xe9, (byte) 0xea}) {
      file.raw(file.int64(1)).raw(ByteBuffer.wrap(new byte[] {last}));
      file.raw(file.int32(TestGguf.UINT8)).raw(ByteBuffer.wrap(new byte[1]));
    }
    assertThat(Looked.into(NAME, file.counts(0, 2).file())).isEqualTo(FileFacts.NONE);
  }

  @Test
  void refusesTensorsThatLie() throws IOException {
    byte[] data = new byte[64];
    assertMalformed(
        gguf().info("a", 0, 1, 4).data(data), "a: expected an offset that is a multiple");
    assertMalformed(
        gguf().info("a", 0, -32, 4).data(data), "a: expected an offset that is a multi");
    assertMalformed(gguf().info("a", 0, 0, -1).data(data), "a: is larger than any file");
    assertMalformed(
        gguf().info("a", 0, 0, 1L << 32, 1L << 32).data(data), "a: is larger than any file");
    assertMalformed(gguf().info("a", 0, 0, 1L << 62).data(data), "a: is larger than any file");
    assertMalformed(
        gguf().info("a", 99, 0, 1L << 32, 1L << 32).data(data), "a: is larger than any file");
    assertMalformed(gguf().info("a", 0, 0, 17).data(data), "a ends beyond the file");
    assertMalformed(gguf().info("a", 0, 1L << 40, 1).data(data), "a: lies beyond the file");
    assertMalformed(
        gguf().info("a", 0, Long.MAX_VALUE - 31, 1).data(data), "a: lies beyond the file");
    assertMalformed(gguf().info("a", 2, 0, 33).data(data), "expected rows of whole blocks of 32");
    assertMalformed(
        gguf().info("a", 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1).data(data),
        "at most 8 dimensions, found 9");
    assertMalformed(
        gguf().info("a", 0, 0, 9).info("b", 0, 32, 8).data(data),
        "b overlaps with what lies before");
    assertMalformed(
        gguf().info("a", 0, 32, 8).data(data), "found 32 bytes before it that are of no");
    assertMalformed(gguf().info("a", 0, 0, 8).data(data), "found 32 bytes that are of no tensor");
    assertMalformed(gguf().info("a", 0, 0, 8), "expected tensors from byte");
    assertMalformed(gguf().data(data), "bytes that are of no tensor");
  }

  @Test
  void refusesAnAlignmentThatIsNone() throws IOException {
    for (int alignment : new int[] {0, 3, -1}) {
      TestGguf file = gguf();
      assertMalformed(
          file.key("general.alignment", TestGguf.UINT32).raw(file.int32(alignment)),
          "general.alignment: expected a power of two");
    }
    assertMalformed(
        gguf().text("general.alignment", "32"), "general.alignment: expected type 4, found 8");
    TestGguf file = gguf();
    assertMalformed(
        file.key("general.alignment", TestGguf.UINT32)
            .raw(file.int32(Integer.MIN_VALUE))
            .info("a", 0, 0, 1)
            .data(new byte[64]),
        "expected tensors from byte 2147483648 on");
  }

  /** What a new type takes is known from where the next tensor is. */
  @Test
  void saysThatTypesAreUnknown() throws Exception {
    byte[] bytes =
        gguf()
            .info("a", 99, 0, 8)
            .info("b", 0, 64, 1)
            .info("c", 98, 96, 1)
            .data(new byte[100])
            .file();
    FileFacts facts = Looked.into(NAME, bytes);
    assertFound(
        facts, CardRules.TENSORS_NOT_READ, "has tensors of types that are not known here: 98, 99");
    TensorTable table = new GgufHeader(new MemoryParts(bytes)).read();
    assertThat(table.tensors().get("a")).satisfies(a -> assertThat(a.length()).isEqualTo(64));
    assertThat(table.tensors().get("c")).satisfies(c -> assertThat(c.length()).isEqualTo(4));
  }

  @Test
  void keepsNoMoreTemplatesThanItMay() throws IOException {
    TestGguf file = gguf();
    for (int i = 0; i < 103; i++) {
      file.text("tokenizer.chat_template." + i + "x".repeat(300), "");
    }
    assertThat(Looked.into(NAME, file.file()).runnable())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.names()).hasSize(100).allMatch(name -> name.length() == 300);
          assertThat(one.more()).isEqualTo(3);
        });
  }

  @Test
  void keepsNoMoreThanTheBeginningOfWhatIsLong() throws IOException {
    FileFacts facts = Looked.into(NAME, gguf().text("general.license", "x".repeat(1 << 20)).file());
    assertThat(facts.card())
        .singleElement()
        .satisfies(
            entry -> assertThat(entry.values()).containsExactly("x".repeat(CardEntry.MAX_LENGTH)));
    assertThat(facts.findings())
        .singleElement()
        .satisfies(one -> assertThat(one.rule()).isEqualTo(CardRules.CARD_NOT_READ));
  }
}
