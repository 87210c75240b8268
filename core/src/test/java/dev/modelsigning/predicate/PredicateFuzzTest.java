package dev.modelsigning.predicate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.statement.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** For any bytes, a predicate is accepted, and can be signed, or refused with a message. */
class PredicateFuzzTest {

  private static final List<Subject> SUBJECT =
      List.of(new Subject("model", Map.of("sha256", "ab".repeat(32))));

  static List<Arguments> seeds() {
    List<Arguments> seeds = new ArrayList<>();
    PredicateTypeTest.EXAMPLES
        .values()
        .forEach(example -> seeds.add(Arguments.of((Object) PredicateTypeTest.bytes(example))));
    return seeds;
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void acceptsWhatAStatementCanHold(byte[] bytes) throws Exception {
    for (String name : PredicateType.names()) {
      PredicateType type = PredicateType.of(name);
      try {
        String json = type.require(bytes);
        assertThat(type.require(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(json);
        Statement statement =
            new Statement(SUBJECT, type.uri(), new Predicate.Other(Optional.of(json)));
        assertThat(statement.toPayload().content().toArray()).isNotEmpty();
      } catch (MalformedPredicateException e) {
        assertThat(e.getMessage()).startsWith("predicate: ");
      }
    }
  }
}
