package dev.modelsigning.content;

import static dev.modelsigning.content.Look.names;
import static dev.modelsigning.content.Look.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.content.testing.TestZip;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.RunnableContent.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files as joblib 1.5 writes them, with arrays in the middle of the pickle; and arrays of NumPy.
 */
class JoblibContentTest {

  private static final String WRAPPER = "joblib.numpy_pickle.NumpyArrayWrapper";

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = JoblibContentTest.class.getResourceAsStream("/joblib/" + name)) {
      assertThat(in).isNotNull();
      return in.readAllBytes();
    }
  }

  /** An array, then an import: that it was not looked for must be said, and is no fault. */
  @ParameterizedTest
  @ValueSource(strings = {"good.joblib", "jl.joblib", "jl2.joblib", "jl.joblib.z", "jl.joblib.gz"})
  void saysThatItDoesNotReadBehindAnArray(String file) throws IOException {
    for (String name : new String[] {"a.joblib", "a.pkl", "weights"}) {
      if (!name.equals("weights") || !file.endsWith("z")) {
        FileFacts facts = Look.at(name, resource(file), 7);
        assertThat(names(facts)).as(name).containsExactly(WRAPPER);
        assertThat(rules(facts)).as(name).containsExactly("CONTENT_NOT_SEARCHED");
        assertThat(facts.findings().get(0).message()).contains("array of joblib");
      }
    }
  }

  /** Arrays of objects are pickles in the pickle: what follows is read. */
  @Test
  void readsBehindArraysOfObjects() throws IOException {
    FileFacts facts = Look.at("a.joblib", resource("jo.joblib"));
    assertThat(names(facts)).contains("posix.system", WRAPPER).hasSize(2);
    assertThat(facts.findings()).isEmpty();
    byte[] cut = Arrays.copyOf(resource("jo.joblib"), resource("jo.joblib").length - 30);
    assertThat(rules(Look.at("a.joblib", cut))).containsExactly("CONTENT_BROKEN");
  }

  @Test
  void readsFilesWithoutArrays() throws IOException {
    FileFacts facts = Look.at("a.joblib", resource("plain.joblib"));
    assertThat(facts.findings()).isEmpty();
    assertThat(facts.runnable()).hasSize(1);
  }

  /** Bytes of an array may be opcodes that skip what is run after it. */
  @Test
  void saysSoThoughTheBytesOfAnArrayCanBeReadAsOpcodes() {
    String array = "\u0080\u0004cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\u0081}b";
    FileFacts facts = Look.at("a.joblib", array + "C\u0010cposix\nsystem\nR..");
    assertThat(rules(facts)).containsExactly("CONTENT_NOT_SEARCHED");
    FileFacts open = Look.at("a.joblib", array + "cposix\nsystem\nR.");
    assertThat(names(open)).contains("posix.system");
    assertThat(rules(open)).containsExactly("CONTENT_NOT_SEARCHED");
  }

  @Test
  void tellsOfAnArrayOnce() throws IOException {
    byte[] array = Look.bytes(PickleContentTest.array("'|O'") + PickleContentTest.SYSTEM);
    for (String name : new String[] {"a.npy", "a.pkl", "a.data", "weights"}) {
      FileFacts facts = Look.at(name, array);
      assertThat(facts.findings()).as(name).isEmpty();
      assertThat(facts.runnable()).as(name).hasSize(1);
      assertThat(names(facts)).as(name).containsExactly("os.system");
    }
    TestZip zip = new TestZip();
    zip.deflate("a.npy", array);
    zip.store("b.npy", Look.bytes(PickleContentTest.array("'<f8'") + "........"));
    FileFacts facts = Look.at("a.npz", zip.bytes());
    assertThat(facts.findings()).isEmpty();
    assertThat(facts.runnable()).hasSize(1);
    assertThat(facts.runnable().get(0).part()).contains("a.npy");
    assertThat(facts.runnable().get(0).kind()).isEqualTo(Kind.PICKLE);
  }

  /** A pickle in place of an array: NumPy loads either. */
  @Test
  void readsPicklesThatAreCalledArrays() {
    assertThat(names(Look.at("a.npy", PickleContentTest.SYSTEM))).containsExactly("os.system");
  }

  /** torch.save to a name of a pickle. */
  @ParameterizedTest
  @ValueSource(strings = {"a.pkl", "a.joblib", "a.pt", "a.bin"})
  void takesAZipFileForOneWhateverItIsCalled(String name) {
    TestZip zip = new TestZip();
    zip.store("a/data.pkl", Look.bytes(PickleContentTest.SYSTEM));
    FileFacts facts = Look.at(name, zip.bytes());
    assertThat(facts.findings()).isEmpty();
    assertThat(facts.runnable()).hasSize(1);
  }
}
