package dev.modelsigning.content;

import static dev.modelsigning.content.Look.bytes;
import static dev.modelsigning.content.Look.names;
import static dev.modelsigning.content.Look.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.facts.FileFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to hide an import, of which the comparison with picklescan found that they worked. */
class PickleEvasionTest {

  private static final String SYSTEM = PickleContentTest.SYSTEM;
  private static final String OLD = "cos\nsystem\n(S'id'\ntR.";

  private static byte[] zip(String name, String data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(bytes(data));
    }
    return out.toByteArray();
  }

  /** The flag is bit 0 of the byte at 6, or at 8 in the directory. */
  private static void setEncrypted(byte[] zip) {
    zip[6] |= 1;
    zip[text(zip).indexOf("PK\1\2") + 8] |= 1;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** A loader that is used for several pickles keeps its memo, and counts on in it. */
  @ParameterizedTest
  @CsvSource({
    "h\0h\u0001\u0093., os.system",
    "\u008c\u0004json\u0094\u008c\u0005loads\u0094h\u0002h\u0003\u0093., json.loads"
  })
  void readsAPickleWithTheMemoOfAnEarlierOne(String second, String name) {
    String first = "\u0080\u0004\u008c\u0002os\u0094\u008c\u0006system\u0094.";
    FileFacts facts = Look.at("a.pkl", first + "\u0080\u0004" + second);
    assertThat(names(facts)).containsExactly(name);
    assertThat(facts.findings()).isEmpty();
  }

  @Test
  void tellsWhatIsStrikingOfEitherMemo() {
    String first = "\u0080\u0004\u008c\u0002os\u0094\u008c\u0006system\u0094.";
    String usual = "\u008c\u000bcollections\u0094\u008c\u000bOrderedDict\u0094h\0h\u0001\u0093.";
    assertThat(names(Look.at("a.pkl", first + "\u0080\u0004" + usual)))
        .containsExactly("os.system");
  }

  /** Pickles of one kind behind each other, each with a memo of its own, as most are. */
  @Test
  void takesTheMemoOfAnEarlierPickleForNothingElse() {
    String first = "\u0080\u0004\u008c\u0007weights\u0094\u008c\u0004bias\u0094.";
    String usual = "\u008c\u0005numpy\u0094\u008c\u0005dtype\u0094h\0h\u0001\u0093.";
    FileFacts facts = Look.at("a.pkl", first + "\u0080\u0004" + usual);
    assertThat(names(facts)).isEmpty();
    assertThat(facts.runnable()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0" + OLD, "cmy-module\nrun\n.cos\nsystem\n.", "." + OLD})
  void readsOnWhereANamePromisesAPickle(String pickle) {
    assertThat(names(Look.at("a.pkl", pickle))).contains("os.system");
  }

  @Test
  void knowsModulesThatNoIdentifierIsCalled() {
    assertThat(names(Look.at("a.bin", "cmy-module\nrun\n."))).containsExactly("my-module.run");
    assertThat(names(Look.at("a.pkl", "cmy module\nrun\n."))).containsExactly("my module.run");
  }

  /** After the five of PyTorch; other programs read files with such names. */
  @ParameterizedTest
  @ValueSource(strings = {"a.pkl", "a.dat", "weights"})
  void readsASixthPickleWhereTheNameIsNotOneOfPyTorch(String name) {
    String magic = "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.";
    String five = magic + "\u0080\u0002N.".repeat(4);
    assertThat(names(Look.at(name, five + SYSTEM))).containsExactly("os.system");
  }

  /** NumPy takes a file that is no archive for a pickle. */
  @ParameterizedTest
  @ValueSource(strings = {"a.npz", "a.zip", "a.7z"})
  void readsAPickleThatIsCalledAnArchive(String name) {
    assertThat(names(Look.at(name, OLD))).containsExactly("os.system");
  }

  @Test
  void readsAPickleThatBeginsAsAnArchive() {
    assertThat(names(Look.at("a.pkl", "PK\3\4\n0" + OLD))).containsExactly("os.system");
  }

  /** Its first line is an opcode with text; the next ones could be more of that. */
  @ParameterizedTest
  @ValueSource(strings = {"a.zip", "a.npz", "a.pt", "a.bin", "a.dat"})
  void takesTextInAnArchiveForNoPickle(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      zip.putNextEntry(new ZipEntry("words.txt"));
      zip.write(bytes("Words\ncat\ndog\nidea\nrest\n"));
    }
    FileFacts facts = Look.at(name, out.toByteArray());
    assertThat(facts.runnable()).isEmpty();
    assertThat(facts.findings()).isEmpty();
  }

  /** It is an opcode with a length, and the mark of bzip2. */
  @Test
  void readsAPickleThatBeginsAsBzip2() {
    String pickle = "BZh\0\0" + "x".repeat('Z' | 'h' << 8) + "0" + OLD;
    assertThat(names(Look.at("a.pkl", pickle))).containsExactly("os.system");
  }

  @Test
  void saysThatA7zFileIsNotLookedInto() {
    assertThat(rules(Look.at("a.pt", "7z\u00bc\u00af'\u001c...")))
        .containsExactly("CONTENT_NOT_SEARCHED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'fortran_order': \"'descr':'<f8'\", 'de' 'scr': '|O', 'fortran_order': False}\n",
        "{'de' 'scr': '|O', #'descr':'<f8'\n 'fortran_order': False, 'shape': (1,), }\n"
      })
  void readsArraysWhoseHeaderOnlySeemsPlain(String header) {
    String start = "\u0093NUMPY\u0001\0" + (char) header.length() + "\0";
    assertThat(names(Look.at("a.npy", start + header + SYSTEM))).containsExactly("os.system");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 1_000_000})
  void readsArraysWithALongHeader(int blockSize) {
    String header =
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }" + " ".repeat(0x12345);
    String start =
        "\u0093NUMPY\u0002\0"
            + (char) (header.length() & 0xff)
            + (char) (header.length() >> 8 & 0xff)
            + (char) (header.length() >> 16)
            + "\0";
    byte[] array = bytes(start + header + SYSTEM);
    assertThat(names(Look.at("a.npy", array, blockSize))).containsExactly("os.system");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.dat", "a.data", "a.ckpt", "a.pt", "a.pkl"})
  void findsAZipFileBehindSomethingElse(String name) throws IOException {
    String zip = text(zip("data.pkl", SYSTEM));
    assertThat(names(Look.at(name, "\0something\0" + zip))).containsExactly("os.system");
  }

  @Test
  void readsWhatStandsBehindAZeroInTheNameOfAnEntryAsNoName() throws IOException {
    // By either name, if the first bytes tell it, too.
    assertThat(names(Look.at("a.zip", zip("a.pkl\0.txt", OLD)))).containsOnly("os.system");
  }

  @ParameterizedTest
  @ValueSource(strings = {SYSTEM, OLD})
  void readsEntriesThatAreOnlySaidToBeEncrypted(String pickle) throws IOException {
    byte[] zip = zip("a.pkl", pickle);
    setEncrypted(zip);
    FileFacts facts = Look.at("a.zip", zip);
    assertThat(names(facts)).containsExactly("os.system");
    assertThat(rules(facts)).containsExactly("CONTENT_NOT_SEARCHED");
  }

  @Test
  void saysOnceThatAnEntryIsEncrypted() throws IOException {
    byte[] zip = zip("a.pkl", "\u00ff\u0000 noise");
    setEncrypted(zip);
    FileFacts facts = Look.at("a.zip", zip);
    assertThat(facts.runnable()).isEmpty();
    assertThat(facts.findings()).hasSize(1);
    assertThat(rules(facts)).containsExactly("CONTENT_NOT_SEARCHED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"numpy.f2py\nx", "torch._inductor.codecache\ncompile_file", "os.path\nx"})
  void showsWhatIsStrikingBelowOtherModulesFirst(String name) {
    StringBuilder crowd = new StringBuilder("\u0080\u0002(");
    for (int i = 0; i < 200; i++) {
      crowd.append("cmodule").append(i).append("\nf\n");
    }
    assertThat(names(Look.at("a.pkl", crowd + "c" + name + "\nt.")).get(0))
        .isEqualTo(name.replace('\n', '.'));
  }
}
