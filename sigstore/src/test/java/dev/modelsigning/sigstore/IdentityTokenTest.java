package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.signing.SigningException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When tokens expire (RFC 7519 2, 4.1.4). */
class IdentityTokenTest {

  private static IdentityToken token(String expiry) throws SigningException {
    String claims = "{\"iss\":\"https://idp.example\",\"exp\":" + expiry + "}";
    return IdentityToken.parse(
        "e30."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
            + ".c2ln");
  }

  @ParameterizedTest
  @CsvSource({
    "1900000000, 1900000000",
    "1900000000.336421, 1900000000",
    "1900000000.999, 1900000000",
    "1.9e9, 1900000000",
    "0, 0",
    "0.5, 0",
    "253402300799, 253402300799"
  })
  void readsAnExpiryThatMayHaveDecimals(String text, long seconds) throws Exception {
    assertThat(token(text).expiry()).isEqualTo(Instant.ofEpochSecond(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-0.5", "253402300800", "1e300", "\"1900000000\"", "null", "true"})
  void refusesAnExpiryThatIsNoTime(String text) {
    assertThatThrownBy(() -> token(text))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("exp");
  }

  @Test
  void doesNotShowTheToken() throws Exception {
    assertThat(token("1900000000")).hasToString("identity token until 2030-03-17T17:46:40Z");
  }
}
