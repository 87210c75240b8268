package dev.modelsigning.content;

import static dev.modelsigning.content.Look.bytes;
import static dev.modelsigning.content.Look.names;
import static dev.modelsigning.content.Look.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.facts.FileFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to hide content that a loader would run from an inspection. */
class HidingTest {

  /** {@code os.system("id")} in protocol 0, which has no mark of its own. */
  private static final String OLD = "cos\nsystem\n(S'id'\ntR.";

  private static final String NEW = "\u0080\2" + OLD;

  private static String array(String header, String rest) {
    String text = header + " ".repeat((128 - 11 - header.length()) % 64) + "\n";
    return "\u0093NUMPY\1\0" + (char) text.length() + "\0" + text + rest;
  }

  /** NumPy evaluates the header as Python, where texts are joined and comments passed over. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr':'|O','fortran_order':False,'shape':(1,)}",
        "{'de' 'scr':'|O','fortran_order':False,'shape':(1,)}#'descr':'<f8'",
        "{'descr':'<f8' '|O'[0:0],'fortran_order':False,'shape':(1,)}",
        "{\"descr\":'|O','fortran_order':False,'shape':(1,)}#{'descr': '<f8'}",
        "{'descr': [('a', '<f8'), ('b', '|O')], 'fortran_order': False, 'shape': (1,), }",
      })
  void readsArraysOfObjectsHoweverTheHeaderIsWritten(String header) {
    assertThat(names(Look.at("a.npy", array(header, NEW)))).containsExactly("os.system");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }",
        "{'descr': '|b1', 'fortran_order': True, 'shape': (), }",
        "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': '<U12', 'fortran_order': False, 'shape': (2L, 3L), }",
      })
  void takesArraysOfNumbersForWhatTheyAre(String header) {
    FileFacts facts = Look.at("a.npy", array(header, NEW));
    assertThat(facts.runnable()).isEmpty();
    assertThat(facts.findings()).isEmpty();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(bytes)) {
      stream.write(bytes(text));
    }
    return bytes.toByteArray();
  }

  private static byte[] zlib(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream stream = new DeflaterOutputStream(bytes)) {
      stream.write(bytes(text));
    }
    return bytes.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  /** Python reads streams that stand one behind the other as one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 4096})
  void readsAllStreamsOfACompressedFile(int blockSize) throws IOException {
    byte[] two = joined(gzip("\u0080\2"), new byte[5], gzip(OLD), new byte[600]);
    FileFacts facts = Look.at("a.pkl.gz", two, blockSize);
    assertThat(names(facts)).containsExactly("os.system");
    assertThat(facts.findings()).isEmpty();
    byte[] empty = joined(gzip(""), gzip(NEW));
    assertThat(names(Look.at("weights", empty, blockSize))).containsExactly("os.system");
    byte[] joblib = joined(zlib("\u0080\2N0"), zlib(OLD));
    assertThat(names(Look.at("a.joblib", joblib, blockSize))).containsExactly("os.system");
  }

  @Test
  void tellsOfWhatIsCompressedAndNotRead() throws IOException {
    byte[] twice =
        joined(gzip(new String(gzip(NEW), java.nio.charset.StandardCharsets.ISO_8859_1)));
    assertThat(rules(Look.at("a.gz", twice))).contains("CONTENT_NOT_SEARCHED");
    assertThat(rules(Look.at("a.gz", gzip("PK\3\4")))).contains("CONTENT_NOT_SEARCHED");
    assertThat(rules(Look.at("a.gz", gzip(tar("pickle"))))).contains("CONTENT_NOT_SEARCHED");
  }

  /** What joblib takes for lzma whatever the size of its dictionary, and its own old form. */
  @ParameterizedTest
  @ValueSource(strings = {"]\0\0\1\0", "]\0\0\u0080\0", "ZF0x12", "BZh9", "\4\"M\u0018"})
  void tellsOfOtherFormsOfCompression(String start) {
    assertThat(rules(Look.at("a.bin", start + "x".repeat(40))))
        .containsExactly("CONTENT_NOT_SEARCHED");
  }

  private static String tar(String name) {
    StringBuilder header = new StringBuilder(name);
    header.append("\0".repeat(100 - name.length()));
    header.append("0000644\0" + "0000000\0".repeat(2) + "00000000025\0" + "00000000000\0");
    header.append("        0").append("\0".repeat(512 - header.length()));
    String sum = String.format(Locale.ROOT, "%06o\0 ", header.chars().sum());
    return header.replace(148, 156, sum).append(OLD).append("\0".repeat(491)).toString();
  }

  /** PyTorch still loads what it wrote first: tar files with pickles, without a mark of tar. */
  @Test
  void tellsOfTarFiles() {
    assertThat(rules(Look.at("model.pt", tar("sys_info")))).contains("CONTENT_NOT_SEARCHED");
    assertThat(rules(Look.at("a.nemo", tar("x")))).contains("CONTENT_NOT_SEARCHED");
    assertThat(rules(Look.at("model.pt", "x".repeat(600)))).isEmpty();
  }

  /** Loaders take old pickles, whatever they are called. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "model",
        "a.pth.tar",
        "a.weights",
        "a.pkl.bak",
        "a.pkl ",
        "a.t7",
        "a.npz",
        "a.txt",
        "a.safetensors",
        "A.PKL",
        "a/b.nothing",
      })
  void knowsOldPicklesWhateverTheyAreCalled(String name) {
    assertThat(names(Look.at(name, OLD))).containsExactly("os.system");
    assertThat(names(Look.at(name, "(0" + NEW))).containsExactly("os.system");
    assertThat(names(Look.at(name, "V" + "x".repeat(9000) + "\n0" + OLD)))
        .containsExactly("os.system");
    assertThat(names(Look.at(name, "(S'id'\nios\nsystem\n."))).containsExactly("os.system");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat\ndog\nhorse\n",
        "cat\ndog\nRat\n",
        "(c) 2020 somebody\n\nAll rights reserved.\n",
        "MIT License\n",
        "I1\n.",
        "Very nice\nVery good\n",
        "N.",
      })
  void takesTextForText(String text) {
    FileFacts facts = Look.at("labels.txt", text);
    assertThat(facts.runnable()).isEmpty();
    assertThat(facts.findings()).isEmpty();
  }

  /** A configuration names others, which are taken in its place. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config.4.0.0.json | {\"auto_map\": {\"AutoModel\": \"evil.X\"}}",
        "a/adapter_config.json | {\"auto_mapping\": {\"parent_library\": \"evil.X\"}}",
        "router_config.json | {\"types\": {\"query_0\": \"evil.X\"}}",
        "2_Dense/config.json | {\"activation_function\": \"evil.X\"}",
      })
  void knowsOtherWaysToNameCode(String name, String json) {
    FileFacts facts = Look.at(name, json);
    assertThat(names(facts)).containsExactly("evil.X");
    assertThat(facts.findings()).isEmpty();
  }

  /** Bytes of arrays stand between the opcodes of joblib, and may swallow what comes next. */
  @Test
  void saysThatPicklesOfJoblibAreNotReadBehindAnArray() {
    String swallowing = "\u008e" + (char) (OLD.length() + 1) + "\0".repeat(7) + ".";
    String pickle =
        "\u0080\2cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\u0081}b" + swallowing + OLD + ".";
    FileFacts facts = Look.at("a.joblib", pickle);
    assertThat(names(facts)).containsExactly("joblib.numpy_pickle.NumpyArrayWrapper");
    assertThat(rules(facts)).contains("CONTENT_NOT_SEARCHED");
  }

  /** Python imports a module from a file that has such a name. */
  @Test
  void keepsNamesThatNoProgramWouldWrite() {
    assertThat(names(Look.at("a.pkl", "cevil-mod\nrun me\n)R.")))
        .containsExactly("evil-mod.run me");
    assertThat(names(Look.at("a.bin", "cevil-mod\nrun\n)R."))).containsExactly("evil-mod.run");
  }
}
