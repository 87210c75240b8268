package dev.modelsigning.sigstore.internal.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.sigstore.TestRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The cost of a trust repository. */
class TufStateTest {

  @Test
  void asksARepositoryForNoLargerFilesThanItsOwn() throws IOException {
    List<Integer> lengths = new ArrayList<>();
    try (TestRepository repository = new TestRepository()) {
      String bootstrap = new String(repository.files.get("1.root.json"), StandardCharsets.UTF_8);
      TufState state = new TufState(bootstrap);
      assertThatThrownBy(() ->
              state.update(
                  (name, maxLength) -> {
                    lengths.add(maxLength);
                    return Optional.empty();
                  },
                  Clock.systemUTC()))
          .isInstanceOf(TufException.class)
          .hasMessageContaining("timestamp.json) was not found");
    }
    assertThat(lengths).isNotEmpty().allMatch(length -> length <= 4 * 1024 * 1024);
  }

  @Test
  void cutsWhatTheClientQuotesOfARepository() throws IOException {
    try (TestRepository repository = new TestRepository()) {
      String bootstrap = new String(repository.files.get("1.root.json"), StandardCharsets.UTF_8);
      String id = bootstrap.replaceFirst(".*?\"keyid\":\"([0-9a-f]+)\".*", "$1");
      String signature = "{\"keyid\":\"" + id + "\",\"sig\":\"00\"}";
      byte[] timestamp =
          ("{\"signatures\":["
                  + (signature + ",").repeat(1000)
                  + signature
                  + "],\"signed\":{\"_type\":\"timestamp\",\"expires\":\"2100-01-01T00:00:00Z\","
                  + "\"spec_version\":\"1.0.31\",\"meta\":{\"snapshot.json\":{\"version\":1}},"
                  + "\"version\":1}}")
              .getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() ->
              new TufState(bootstrap)
                  .update(
                      (name, maxLength) ->
                          name.equals("timestamp.json") ? Optional.of(timestamp) : Optional.empty(),
                      Clock.systemUTC()))
          .isInstanceOf(TufException.class)
          .message()
          .startsWith("The role has multiple signatures with the same key_id")
          .hasSizeLessThan(1_000);
    }
  }
}
