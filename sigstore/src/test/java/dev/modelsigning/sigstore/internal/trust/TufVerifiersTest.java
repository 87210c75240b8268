package dev.modelsigning.sigstore.internal.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.testing.TestKeys;
import dev.sigstore.tuf.model.ImmutableKey;
import dev.sigstore.tuf.model.Key;
import java.security.InvalidKeyException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The keys that sign the metadata of a repository. */
class TufVerifiersTest {

  @Test
  void takesAKeyOfARepositoryOnlyAsOneBlock() throws Exception {
    String key = TestKeys.pem(TestKeys.generate().publicKey());
    assertThat(TufVerifiers.of(key(key))).isNotNull();
    for (String text : List.of(key + key, key.replace("PUBLIC KEY", "CERTIFICATE"), "", "x")) {
      assertThatThrownBy(() -> TufVerifiers.of(key(text)))
          .isInstanceOf(InvalidKeyException.class)
          .hasMessage("a key of kind 'ecdsa/ecdsa-sha2-nistp256' is damaged");
    }
  }

  private static Key key(String pem) {
    return ImmutableKey.builder()
        .keyType("ecdsa")
        .scheme("ecdsa-sha2-nistp256")
        .putKeyVal("public", pem)
        .build();
  }
}
