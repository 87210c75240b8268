package dev.modelsigning.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Identities of third-party methods cannot be mistaken for ours. */
class OtherIdentityTest {

  @Test
  void keepsDetailsInTheirOrder() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("hardwareModel", "H1");
    details.put("bootCount", "7");
    OtherIdentity identity = new OtherIdentity("acme-tpm", "host 5", details);
    details.clear();
    assertThat(identity.details().keySet()).containsExactly("hardwareModel", "bootCount");
    assertThat(identity.method()).isEqualTo("acme-tpm");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "method",
        "issuer",
        "subject",
        "fingerprint",
        "notbefore",
        "logINDEX",
        "digest",
        "notCovered",
        "",
        "Upper",
        "two words",
        "a\n",
        "é",
        "a.b",
        "1st"
      })
  void refusesADetailWhoseNameIsOneOfOursOrNotInCamelCase(String detail) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OtherIdentity("acme", "somebody", Map.of(detail, "x")))
        .withMessageStartingWith("the name of a detail: expected camel case");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "certificate", "sigstore", "", "Key", "a b", "-a", "a\n"})
  void refusesTheNameOfAMethodOfOurs(String method) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OtherIdentity(method, "somebody", Map.of()))
        .withMessageStartingWith("the name of a method: expected");
  }
}
