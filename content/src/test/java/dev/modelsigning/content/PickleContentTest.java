package dev.modelsigning.content;

import static dev.modelsigning.content.Look.bytes;
import static dev.modelsigning.content.Look.kinds;
import static dev.modelsigning.content.Look.names;
import static dev.modelsigning.content.Look.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.facts.RunnableContent.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls of a pickle. */
class PickleContentTest {

  /** {@code os.system("id")} in protocol 4, memoised as Python does. */
  static final String SYSTEM =
      "\u0080\u0004\u0095\u001d\0\0\0\0\0\0\0\u008c\u0002os\u0094\u008c\u0006system\u0094\u0093\u0094"
          + "\u008c\u0002id\u0094\u0085\u0094R\u0094.";

  @Test
  void tellsWhatAPickleImports() {
    FileFacts facts = Look.at("model.pkl", SYSTEM);
    assertThat(facts.findings()).isEmpty();
    assertThat(facts.runnable()).hasSize(1);
    RunnableContent pickle = facts.runnable().get(0);
    assertThat(pickle.kind()).isEqualTo(Kind.PICKLE);
    assertThat(pickle.names()).containsExactly("os.system");
    assertThat(pickle.unusual()).isTrue();
    assertThat(pickle.file()).isEqualTo("model.pkl");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 13})
  void readsBlocksOfAnySize(int blockSize) {
    assertThat(Look.at("model.pkl", bytes(SYSTEM), blockSize))
        .isEqualTo(Look.at("model.pkl", SYSTEM));
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights", "a/b.dat", "notes.txt"})
  void knowsAPickleByItsBytes(String name) {
    assertThat(names(Look.at(name, SYSTEM))).containsExactly("os.system");
  }

  @ParameterizedTest
  @CsvSource({
    "'cos\nsystem\n(S''id''\ntR.', os.system",
    "'(S''id''\nios\nsystem\n.', os.system",
    "'\u0080\u0002cos\nsystem\nX\u0002\0\0\0id\u0085R.', os.system",
    // Through the memo, out of order.
    "'\u0080\u0004\u008c\u0006systemq\u0007\u008c\u0002osq\u00090h\u0009h\u0007\u0093.', os.system",
    "'\u0080\u0004\u008c\u0006system\u0094\u008c\u0002os\u009400h\u0001h\0\u0093.', os.system",
    // What was pushed last is removed again.
    "'\u0080\u0004\u008c\u0002os\u008c\u0006system\u008c\u0003foo0\u0093.', os.system",
    "'\u0080\u0004\u008c\u0002os\u008c\u0006system(KK1\u0093.', os.system",
    // Escapes in strings of the oldest protocol.
    "'\u0080\u0004S''\\x6fs''\nS''s\\171stem''\n\u0093.', os.system",
    "'\u0080\u0004V\\u006fs\nVsystem\n\u0093.', os.system",
    // A value that is made while it is loaded.
    "'\u0080\u0004\u008c\u0002osN\u0093.', os.(unknown)",
    "'\u0080\u0004Nh\u0005\u0093.', (unknown).(unknown)",
    "'\u0080\u0002\u0082\u0007.', extension 7 of copyreg",
    "'\u0080\u0002\u0084\u0007\u0001\0\0.', extension 263 of copyreg"
  })
  void seesThroughEveryWayToImport(String pickle, String name) {
    FileFacts facts = Look.at("model.pkl", pickle);
    assertThat(names(facts)).containsExactly(name);
    assertThat(facts.runnable().get(0).unusual()).isTrue();
    assertThat(facts.findings()).isEmpty();
  }

  /** A loader runs what it has read before it comes to the fault. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u00ff",
        "X\u00ff\u00ff\u00ff\u00ffa",
        "\u008d\0\0\0\0\0\0\0\u0080",
        "T\u00ff\u00ff\u00ff\u00ff"
      })
  void tellsWhatStandsBeforeAFault(String end) {
    FileFacts facts = Look.at("model.bin", "\u0080\u0002cos\nsystem\n" + end);
    assertThat(names(facts)).containsExactly("os.system");
    assertThat(rules(facts)).containsExactly("CONTENT_BROKEN");
  }

  @Test
  void tellsOfAnImportThatIsCutAtTheEnd() {
    FileFacts facts = Look.at("model.pkl", "\u0080\u0002cevil\nrun");
    assertThat(names(facts)).containsExactly("evil.run");
  }

  @Test
  void readsPicklesOneBehindTheOther() {
    assertThat(names(Look.at("a.pkl", "\u0080\u0002N." + SYSTEM))).containsExactly("os.system");
    assertThat(names(Look.at("a.pkl", "\u0080\u0002N.cposix\nsystem\n.")))
        .containsExactly("posix.system");
  }

  @Test
  void endsAfterTheFivePicklesOfOldFilesOfTorch() {
    String magic = "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.";
    String other = "\u0080\u0002N.";
    String three = "\u0080\u0002ccollections\nOrderedDict\n)R.";
    FileFacts facts =
        Look.at("a.pt", magic + other + other + three + other + "\u0080\u0002cos\nsystem\n.");
    assertThat(kinds(facts)).containsExactly(Kind.PICKLE);
    assertThat(facts.runnable().get(0).unusual()).isFalse();
    assertThat(names(Look.at("a.pt", magic + other + other + SYSTEM + other)))
        .containsExactly("os.system");
  }

  @Test
  void keepsUsualImportsToItself() {
    FileFacts facts =
        Look.at(
            "a.pkl",
            "\u0080\u0002(ccollections\nOrderedDict\nctorch._utils\n_rebuild_tensor_v2\n"
                + "ctorch\nFloatStorage\ncnumpy\ndtype\nt.");
    assertThat(facts.runnable()).hasSize(1);
    assertThat(facts.runnable().get(0).names()).isEmpty();
    assertThat(facts.runnable().get(0).unusual()).isFalse();
  }

  @Test
  void showsWhatIsStrikingBeforeWhatIsMerelyMany() {
    StringBuilder pickle = new StringBuilder("\u0080\u0002(");
    for (int i = 0; i < 5_000; i++) {
      pickle.append("cmodule").append(i).append("\nf\n");
    }
    pickle.append("cos\nsystem\nt.");
    RunnableContent found = Look.at("a.pkl", pickle.toString()).runnable().get(0);
    assertThat(found.names()).hasSize(100).startsWith("os.system");
    assertThat(found.more()).isEqualTo(4_901);
  }

  @Test
  void cutsLongNames() {
    FileFacts facts = Look.at("a.pkl", "\u0080\u0002c" + "m".repeat(100_000) + "\nf\n.");
    assertThat(names(facts).get(0)).hasSize(300).endsWith("...");
  }

  @Test
  void passesOverLongData() {
    String data = "x".repeat(70_000);
    assertThat(names(Look.at("a.pkl", "\u0080\u0004Bp\u0011\u0001\0" + data + SYSTEM.substring(2))))
        .containsExactly("os.system");
  }

  /**
   * The stack is known to a depth only; what is below is shown as unknown, never as something else.
   */
  @Test
  void takesWhatItForgotForUnknown() {
    String deep = "\u008c\u0002os\u008c\u0006system" + "N".repeat(5_000) + "0".repeat(5_000);
    assertThat(names(Look.at("a.pkl", "\u0080\u0004" + deep + "\u0093.")))
        .containsExactly("(unknown).(unknown)");
    String marks = "\u008c\u0002os\u008c\u0006system" + "(".repeat(5_000) + "1".repeat(5_000);
    assertThat(names(Look.at("a.pkl", "\u0080\u0004" + marks + "\u0093.")))
        .containsExactly("(unknown).(unknown)");
  }

  /**
   * An entry of the memo beyond the bound may be one that is there already, and shifts the next.
   */
  @Test
  void trustsNoMemoThatItCannotFollow() {
    String far = "Nr\0\0\0\u007f" + "Nr\0\0\0\u007f";
    String pickle =
        "\u0080\u0004" + far + "\u008c\u0004json\u0094\u008c\u0005loads\u0094h\u0001h\u0002\u0093.";
    assertThat(names(Look.at("a.pkl", pickle))).containsExactly("(unknown).(unknown)");
    assertThat(names(Look.at("a.pkl", "\u0080\u0004\u008c\u0002osp1_0\ng10\n\u008c\u0001a\u0093.")))
        .allMatch(name -> name.contains("(unknown)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.bin", "vocab.data", "a.model", "a.dat"})
  void saysNothingOfDataOfOtherKinds(String name) {
    for (String data :
        List.of("hello\nworld\n", "\0\0\0\0", "c\u0001\u0002\n\u0003\n", "\u0080\u0002\0")) {
      assertThat(Look.at(name, data).runnable()).as(data).isEmpty();
      assertThat(Look.at(name, data).findings()).as(data).isEmpty();
    }
  }

  @Test
  void saysThatAFileIsNotThePickleThatItsNamePromises() {
    FileFacts facts = Look.at("a.pkl", "hello\nworld\n");
    assertThat(facts.runnable()).isEmpty();
    assertThat(rules(facts)).containsExactly("CONTENT_NOT_SEARCHED");
  }

  @Test
  void readsObjectsInArrays() {
    assertThat(names(Look.at("a.npy", array("'|O'") + SYSTEM))).containsExactly("os.system");
    assertThat(names(Look.at("a.npy", array("[('a', '|O')]") + SYSTEM)))
        .containsExactly("os.system");
    assertThat(names(Look.at("a.npy", array("'\\x7cO'") + SYSTEM))).containsExactly("os.system");
    assertThat(Look.at("a.npy", array("'<f8'") + SYSTEM).runnable()).isEmpty();
    assertThat(rules(Look.at("a.npy", "\u0093NUMPY\u0002\0\u00ff\u00ff\u00ff\u00ff")))
        .containsExactly("CONTENT_BROKEN");
    assertThat(rules(Look.at("a.npy", "\u0093NUMPY\u0001\0\u0080\0{'descr'")))
        .containsExactly("CONTENT_BROKEN");
  }

  static String array(String type) {
    String header = "{'descr': " + type + ", 'fortran_order': False, 'shape': (1,), }\n";
    return "\u0093NUMPY\u0001\0" + (char) header.length() + "\0" + header;
  }

  @Test
  void readsCompressedPickles() throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(bytes(SYSTEM));
    }
    ByteArrayOutputStream zlib = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(zlib)) {
      out.write(bytes(SYSTEM));
    }
    for (int blockSize : new int[] {1, 5, 10_000}) {
      assertThat(names(Look.at("a.pkl.gz", gzip.toByteArray(), blockSize)))
          .containsExactly("os.system");
      assertThat(names(Look.at("a.joblib", gzip.toByteArray(), blockSize)))
          .containsExactly("os.system");
      assertThat(names(Look.at("a.joblib", zlib.toByteArray(), blockSize)))
          .containsExactly("os.system");
    }
    byte[] cut = Arrays.copyOf(gzip.toByteArray(), gzip.size() - 12);
    assertThat(rules(Look.at("a.pkl.gz", cut))).contains("CONTENT_BROKEN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BZh91AY", "\u00fd7zXZ\0", "\u0004\"M\u0018", "(\u00b5/\u00fd"})
  void saysThatOtherCompressionIsNotLookedInto(String start) {
    assertThat(rules(Look.at("a.joblib", start + "...."))).containsExactly("CONTENT_NOT_SEARCHED");
  }

  /** Loaders read compressed data as it comes, so what stands before a fault was run. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 100_000})
  void readsWhatStandsBeforeAFaultInCompressedData(int blockSize) throws IOException {
    String padded = "\u0080\u0004BP\u00c3\0\0" + "x".repeat(50_000) + SYSTEM.substring(2);
    for (String pickle : List.of(SYSTEM, padded)) {
      ByteArrayOutputStream gzip = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(gzip, 512, true)) {
        out.write(bytes(pickle));
        out.flush();
        // A block of the type that there is not.
        gzip.write(7);
        byte[] broken = gzip.toByteArray();
        assertThat(names(Look.at("a.pkl.gz", broken, blockSize))).containsExactly("os.system");
        assertThat(rules(Look.at("a.pkl.gz", broken, blockSize))).contains("CONTENT_BROKEN");
        byte[] entry = Arrays.copyOfRange(broken, 10, broken.length);
        assertThat(names(Look.at("a.pt", ZipContentTest.deflated("data.pkl", entry))))
            .containsExactly("os.system");
      }
    }
  }

  /** Gzip files may stand one behind the other, with zeros between, and hold one pickle. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100_000})
  void readsSeveralGzipFilesAsOne(int blockSize) throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    for (String some : List.of(SYSTEM.substring(0, 20), "", SYSTEM.substring(20))) {
      try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
        out.write(bytes(some));
      }
      gzip.write(new byte[200_000]);
    }
    assertThat(names(Look.at("weights", gzip.toByteArray(), blockSize)))
        .containsExactly("os.system");
    assertThat(Look.at("weights", gzip.toByteArray(), blockSize).findings()).isEmpty();
    gzip.write(bytes("\u001fno gzip file"));
    assertThat(names(Look.at("weights", gzip.toByteArray(), blockSize)))
        .containsExactly("os.system");
  }

  @Test
  void tellsOfAGzipFileOfWhichNothingCanBeInflated() {
    assertThat(rules(Look.at("a.pkl.gz", "\u001f\u008b\b\0\0\0\0\0\0\u0003\u0007")))
        .containsExactly("CONTENT_BROKEN");
    String endless = "\u001f\u008b\b\b\0\0\0\0\0\u0003" + "n".repeat(200_000);
    assertThat(rules(Look.at("a.pkl.gz", endless))).containsExactly("CONTENT_BROKEN");
  }

  /** Of two equal keys Python takes the last one, however they are written. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr':'<f8','de' 'scr':'|O','fortran_order':False,'shape':(1,),}\n",
        "{'descr':'<f8','x':1,u'desc' r'r':'|O','fortran_order':False,'shape':(1,),}\n"
      })
  void readsObjectsWhoseTypeIsWrittenTwice(String header) {
    String array = "\u0093NUMPY\u0001\0" + (char) header.length() + "\0" + header;
    assertThat(names(Look.at("a.npy", array + SYSTEM))).containsExactly("os.system");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f8', 'fortran_order': False, 'shape': (), }   \n",
        "{'descr': '<M8[ns]', 'fortran_order': True, 'shape': (3, 4), }\n",
        "{'descr': '<U12', 'fortran_order': False, 'shape': (3,)}\n",
        "{'descr': '|V8', 'fortran_order': False, 'shape': (3,), }\n"
      })
  void takesNoNumbersForAPickle(String header) {
    String array = "\u0093NUMPY\u0001\0" + (char) header.length() + "\0" + header;
    assertThat(Look.at("a.npy", array + SYSTEM).runnable()).isEmpty();
  }

  /** More imports than are looked at: what comes behind them is not known, and that is said. */
  @Test
  void tellsOfMoreImportsThanAreLookedAt() {
    String text = "\u0080\2" + "ca\nb\n0".repeat(1_000_001) + SYSTEM;
    assertThat(Look.rules(Look.at("a.bin", text))).containsExactly("CONTENT_NOT_SEARCHED");
  }
}
