package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Statement;
import dev.modelsigning.testing.Forge;

/** Whatever the bytes, a parser reads them or refuses them; it never fails in another way. */
class BundleFuzzTest {

  private static final Forge FORGE = new Forge();

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesABundle(byte[] bytes) {
    try {
      Bundle bundle = Bundle.parse(Bytes.of(bytes));
      assertThat(Bundle.parse(bundle.toJson())).isEqualTo(bundle);
    } catch (MalformedBundleException e) {
      assertThat(e.getMessage()).startsWith("bundle: ");
    }
  }

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesAStatement(byte[] bytes) throws MalformedBundleException {
    if (bytes.length == 0) {
      return;
    }
    try {
      Statement statement = FORGE.bundle(bytes).unverifiedStatement();
      assertThat(FORGE.bundle(statement.toJson().toArray()).unverifiedStatement())
          .isEqualTo(statement);
    } catch (MalformedBundleException e) {
      assertThat(e.getMessage()).startsWith("payload: ");
    }
  }
}
