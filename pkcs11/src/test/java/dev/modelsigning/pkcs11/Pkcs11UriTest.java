package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.signing.SigningException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What users see of a URI; how it is read, and what is refused, is for {@code TokenUriTest}. */
class Pkcs11UriTest {

  @Test
  void namesTheModuleAndTheFileWithThePin() throws Exception {
    Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=a?pin-source=/run/pin&module-path=/m/n.so");
    assertThat(uri.pinFile()).contains(Path.of("/run/pin"));
    assertThat(uri.modulePath()).contains(Path.of("/m/n.so"));
    assertThat(Pkcs11Uri.parse("pkcs11:token=a").pinFile()).isEmpty();
    assertThat(Pkcs11Uri.parse("pkcs11:token=a").modulePath()).isEmpty();
  }

  @Test
  void refusesAPinSourceThatIsNoFileAndDoesNotShowIt() {
    Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=a?pin-source=SECRET");
    assertThatThrownBy(uri::pinFile)
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("pin-source in the PKCS #11 URI: expected an absolute path")
        .hasMessageNotContaining("SECRET");
    assertThat(uri).hasToString("pkcs11:token=a?pin-source=...");
  }

  @Test
  void showsNoPin() {
    assertThat(Pkcs11Uri.parse("pkcs11:token=a?pin-value=SECRET&module-name=m"))
        .hasToString("pkcs11:token=a?pin-value=...&module-name=m");
    assertThat(Pkcs11Uri.redact("x 'pkcs11:?PIN-value=SECRET&module-name=m' y pin_value=SECRET"))
        .isEqualTo("x 'pkcs11:?PIN-value=...&module-name=m' y pin_value=...");
  }
}
