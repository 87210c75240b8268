package dev.modelsigning.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.vectors.Vector;
import dev.modelsigning.vectors.VectorSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The vectors of one's own by the command line, whose options they name: exit status, messages, and
 * the reason in the verdict for machines.
 */
class VectorsCommandTest {

  @TempDir Path scratch;

  @TestFactory
  Stream<DynamicTest> verify() throws IOException {
    return VectorSet.all().stream()
        .map(vector -> dynamicTest(vector.bundle() + " " + vector.name(), () -> verify(vector)));
  }

  private void verify(Vector vector) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("verify", vector.method()));
    arguments.add(VectorSet.model(vector, scratch));
    arguments.addAll(List.of("--signature", VectorSet.root().resolve(vector.bundle())));
    vector
        .options()
        .forEach((option, values) -> {
          if (values.isEmpty()) {
            arguments.add("--" + option);
          }
          for (String value : values) {
            boolean file = Vector.FILE_OPTIONS.contains(option);
            arguments.addAll(
                List.of("--" + option, file ? VectorSet.root().resolve(value) : value));
          }
        });
    if (vector.expected().equals(Vector.VERIFIED)) {
      Invocation verified = Invocation.of(arguments.toArray());
      assertThat(verified.status()).as(verified.err()).isZero();
      assertThat(verified.out()).startsWith("Verification succeeded\n");
    } else {
      Invocation refused = Invocation.of(arguments.toArray());
      assertThat(refused.status()).as(refused.err()).isEqualTo(1);
      assertThat(refused.out()).isEmpty();
      // Behind warnings, where there are any.
      assertThat(refused.err())
          .contains(Workspace.VERIFICATION_FAILED + ": ")
          .doesNotContain("\tat ", "internal error")
          .matches("(?s)[\\P{Cntrl}\\n]*");
      requireReason(vector, arguments);
    }
  }

  private static void requireReason(Vector vector, List<Object> arguments) {
    arguments.add("--format=json");
    JsonObject verdict =
        JsonParser.parseString(Invocation.of(arguments.toArray()).out()).getAsJsonObject();
    assertThat(verdict.get("verified").getAsBoolean()).isFalse();
    if (!vector.expected().equals(Vector.UNUSABLE_TRUST)) {
      assertThat(verdict.get("reason").getAsString()).isEqualTo(vector.expected());
    }
  }
}
