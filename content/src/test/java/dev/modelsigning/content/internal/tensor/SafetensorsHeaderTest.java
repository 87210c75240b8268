package dev.modelsigning.content.internal.tensor;

import static dev.modelsigning.content.testing.TestSafetensors.bytes;
import static dev.modelsigning.content.testing.TestSafetensors.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.content.CardRules;
import dev.modelsigning.content.testing.Looked;
import dev.modelsigning.content.testing.MemoryParts;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.finding.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsHeaderTest {

  private static final String NAME = "model.safetensors";

  private static void assertFound(FileFacts facts, Rule rule, String problem) {
    assertThat(facts.card()).isEmpty();
    assertThat(facts.runnable()).isEmpty();
    assertThat(facts.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.message()).startsWith(NAME + ": ").contains(problem);
          assertThat(finding.rule()).isEqualTo(rule);
          assertThat(finding.file()).contains(NAME);
        });
  }

  private static void assertMalformed(byte[] file, String problem) throws IOException {
    assertFound(Looked.into(NAME, file), CardRules.TENSORS_MALFORMED, problem);
  }

  private static void assertGood(byte[] file) throws IOException {
    assertThat(Looked.into(NAME, file)).isEqualTo(FileFacts.NONE);
  }

  private static String tensor(String type, String shape, String offsets) {
    return "{'a':{'dtype':'%s','shape':%s,'data_offsets':%s}}".formatted(type, shape, offsets);
  }

  @Test
  void readsWhereTensorsAre() throws Exception {
    String header =
        "{'__metadata__':{'format':'pt'},'b':{'dtype':'F32','shape':[2,3],'data_offsets':[4,28]},"
            + bytes("a", 0, 4)
            + ",'empty':{'dtype':'I64','shape':[0,7],'data_offsets':[4,4]}"
            + ",'scalar':{'dtype':'BF16','shape':[],'data_offsets':[28,30]}}   ";
    TensorTable table = SafetensorsHeader.read(new MemoryParts(file(header, 30)));
    int start = 8 + header.length();
    assertThat(table.tensors().keySet()).containsExactly("b", "a", "empty", "scalar");
    assertThat(table.tensors())
        .containsEntry("b", new Tensor("F32", List.of(2L, 3L), start + 4, 24))
        .containsEntry("a", new Tensor("U8", List.of(4L), start, 4))
        .containsEntry("empty", new Tensor("I64", List.of(0L, 7L), start + 4, 0))
        .containsEntry("scalar", new Tensor("BF16", List.of(), start + 28, 2));
    assertThat(table.words()).containsOnlyKeys("format");
    assertGood(file(header, 30));
    assertGood(file("{}", 0));
    assertGood(file(tensor("F4", "[2,3]", "[0,3]"), 3));
    assertGood(file(tensor("F6_E2M3", "[4]", "[0,3]"), 3));
  }

  @Test
  void refusesAFileThatIsShorterThanItSays() throws IOException {
    byte[] good = file("{" + bytes("a", 0, 4) + "}", 4);
    for (int length = 1; length < good.length; length++) {
      assertThat(Looked.into(NAME, Arrays.copyOf(good, length)).findings())
          .as("%d bytes", length)
          .singleElement()
          .satisfies(one -> assertThat(one.rule()).isEqualTo(CardRules.TENSORS_MALFORMED));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "100000001, 'expected a header of at most 100000000 bytes, found 100000001'",
    "-1, 'found 18446744073709551615'",
    "9223372036854775807, 'found 9223372036854775807'",
    "3, 'expected a header of 3 bytes, found 2'",
    "0, expected a header that begins with {",
    "1, not valid JSON",
  })
  void refusesALengthThatCannotBe(long length, String problem) throws IOException {
    byte[] file =
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put((byte) '{')
            .put((byte) '}')
            .array();
    assertMalformed(file, problem);
  }

  /** The format allows more than is read. */
  @Test
  void readsNoHeaderBeyondTheBound() throws IOException {
    FileParts large =
        new FileParts() {
          @Override
          public long size() {
            return 8 + SafetensorsHeader.MOST_READ + 1;
          }

          @Override
          public void read(ByteBuffer into, long at) {
            assertThat(at).isZero();
            into.order(ByteOrder.LITTLE_ENDIAN).putLong(SafetensorsHeader.MOST_READ + 1);
          }
        };
    assertFound(
        TensorFormat.SAFETENSORS.begin(NAME).end(Optional.of(large)),
        CardRules.TENSORS_NOT_READ,
        "expected a header of at most 33554432 bytes, found 33554433");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " {} | expected a header that begins with {",
        "[] | expected a header that begins with {",
        "{} x | nothing may follow",
        "{'a':1} | a: expected an object, found a number",
        "{'a':{'shape':[],'data_offsets':[0,1]}} | a.dtype: is missing",
        "{'a':{'dtype':'U8','data_offsets':[0,1]}} | a.shape: is missing",
        "{'a':{'dtype':'U8','shape':[]}} | a.data_offsets: expected two numbers",
        "{'a':{'dtype':'U8','shape':[],'data_offsets':[0]}} | a.data_offsets: expected two numbers",
        "{'a':{'dtype':'U8','shape':[],'data_offsets':[0,1,2]}} | expected at most 2, found 3",
        "{'a':{'dtype':'U8','shape':[],'shape':[],'data_offsets':[0,1]}} | Duplicate",
        "{'__metadata__':{'a':1}} | expected a string",
        "{'__metadata__':{'a':'b','a':'c'}} | Duplicate",
        "{'__metadata__':[]} | expected an object",
        "{'a':{'dtype':'U8','shape':[1,1,1,1,1,1,1,1,1],'data_offsets':[0,1]}} | at most 8, found 9",
        "{'a':{'dtype':'U8','shape':['1'],'data_offsets':[0,1]}} | expected a number",
        "{'a':{'dtype':'U8','shape':[-1],'data_offsets':[0,1]}} | expected at least 0, found -1",
        "{'a':{'dtype':'U8','shape':[1.5],'data_offsets':[0,1]}} | shape[0]",
        "{'a':{'dtype':'u8','shape':[1],'data_offsets':[0,1]}} | expected a type of safetensors",
      })
  void refusesAHeaderThatIsNone(String header, String problem) throws IOException {
    // The reader of the table takes away the space.
    String text =
        problem.startsWith("expected a header") && !header.startsWith("[") ? " {}" : header;
    assertMalformed(file(text, 1), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "F32 | [1] | [0,1] | 1 | expected 4 bytes by type and shape, found those from 0 to 1",
        "U8 | [2] | [0,1] | 1 | expected 2 bytes by type and shape",
        "U8 | [1] | [1,0] | 1 | expected 1 bytes by type and shape, found those from 1 to 0",
        "F4 | [1] | [0,1] | 1 | expected whole bytes, found 4 bits",
        "F64 | [4294967296,4294967296] | [0,0] | 0 | has more bits than any file",
        "U8 | [9223372036854775807] | [0,9223372036854775807] | 0 | has more bits than any file",
        "U8 | [0,9223372036854775807,9223372036854775807] | [0,0] | 0 | ''",
        "U8 | [9223372036854775807,9223372036854775807,0] | [0,0] | 0 | has more bits than any file",
        "U8 | [1] | [0,1] | 0 | ends beyond the file",
        "U8 | [1] | [9223372036854775806,9223372036854775807] | 1 | beyond any file",
        "U8 | [0] | [9223372036854775000,9223372036854775000] | 1 | bytes before it that are of no",
        "U8 | [1] | [1,2] | 2 | found 1 bytes before it that are of no tensor",
        "U8 | [1] | [0,1] | 2 | found 1 bytes that are of no tensor",
      })
  void refusesATensorThatLies(String type, String shape, String offsets, int bytes, String problem)
      throws IOException {
    byte[] file = file(tensor(type, shape, offsets), bytes);
    if (problem.isEmpty()) {
      assertGood(file);
    } else {
      assertMalformed(file, problem);
    }
  }

  @Test
  void refusesTensorsThatOverlapOrLeaveHoles() throws IOException {
    assertMalformed(
        file("{" + bytes("a", 0, 4) + "," + bytes("b", 3, 8) + "}", 8),
        "the tensor b overlaps with what lies before it");
    assertMalformed(
        file("{" + bytes("a", 0, 4) + "," + bytes("b", 0, 4) + "}", 4), "overlaps with");
    assertMalformed(
        file("{" + bytes("b", 5, 8) + "," + bytes("a", 0, 4) + "}", 8), "expected the tensor b at");
    assertMalformed(file("{}", 1), "found 1 bytes that are of no tensor");
  }

  @Test
  void refusesANameThatComesTwice() throws IOException {
    assertMalformed(file("{" + bytes("a", 0, 4) + "," + bytes("a", 4, 8) + "}", 8), "Duplicate");
    assertMalformed(
        file("{" + bytes("a", 0, 4) + "," + bytes("\\u0061", 4, 8) + "}", 8), "Duplicate");
  }

  @Test
  void readsAHundredThousandTensors() throws IOException {
    String header =
        IntStream.range(0, 100_000)
            .mapToObj(i -> bytes("layers." + i + ".weight", i, i + 1))
            .collect(Collectors.joining(",", "{", "}"));
    assertGood(file(header, 100_000));
  }

  @Test
  void boundsTheNumberOfTensors() throws IOException {
    String header =
        IntStream.range(0, Tensor.MAX_NUMBER + 1)
            .mapToObj(i -> "'%x':{'dtype':'U8','shape':[0],'data_offsets':[0,0]}".formatted(i))
            .collect(Collectors.joining(",", "{", "}"));
    assertFound(
        Looked.into(NAME, file(header, 0)),
        CardRules.TENSORS_NOT_READ,
        "expected at most 250000 tensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.safetensors", "deep/A.SAFETENSORS"})
  void looksAtFilesOfThatName(String name) throws IOException {
    assertThat(Looked.into(name, "x").findings()).hasSize(1);
    assertThat(Looked.into(name + ".x", "x")).isEqualTo(FileFacts.NONE);
  }

  @Test
  void saysThatItCannotReadParts() throws IOException {
    byte[] good = file("{}", 0);
    assertFound(
        Looked.into(NAME, good, good.length, false),
        CardRules.TENSORS_NOT_READ,
        "cannot be read in parts");
  }
}
