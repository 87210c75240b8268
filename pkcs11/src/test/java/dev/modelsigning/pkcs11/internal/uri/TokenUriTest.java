package dev.modelsigning.pkcs11.internal.uri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7512, and which URIs are refused. */
class TokenUriTest {

  @Test
  void readsEveryAttribute() {
    String text =
        "pkcs11:token=T%20t;manufacturer=M;model=O;serial=S;slot-id=17;slot-description=D"
            + ";slot-manufacturer=F;library-manufacturer=L;library-description=B"
            + ";library-version=2.40;object=K;id=%00%FFa;type=private"
            + "?pin-value=12%2034&module-name=softhsm2&module-path=/m/n.so";
    TokenUri uri = TokenUri.parse(text);
    assertThat(uri.text(UriAttribute.TOKEN)).contains("T t");
    assertThat(uri.bytes(UriAttribute.ID)).contains(Bytes.of(new byte[] {0, (byte) 0xFF, 'a'}));
    assertThat(uri.text(UriAttribute.PIN_VALUE)).contains("12 34");
    assertThat(uri.slotId()).contains(17L);
    assertThat(uri.libraryVersion()).contains(2 << 8 | 40);
    for (UriAttribute attribute : UriAttribute.values()) {
      assertThat(uri.bytes(attribute).isPresent())
          .as(attribute.toString())
          .isEqualTo(attribute != UriAttribute.PIN_SOURCE);
    }
    assertThat(uri)
        .hasToString(text.replace("%FFa", "%FF%61").replace("pin-value=12%2034", "pin-value=..."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pkcs11:", "PKCS11:", "pkcs11:?"})
  void readsAUriThatSaysNothing(String text) {
    assertThat(TokenUri.parse(text)).hasToString("pkcs11:");
  }

  @Test
  void leavesPlusSignsAsTheyAre() {
    assertThat(TokenUri.parse("pkcs11:token=a+b%2Bc").text(UriAttribute.TOKEN)).contains("a+b+c");
  }

  @Test
  void readsASlashAndAnEqualsSignInValues() {
    assertThat(TokenUri.parse("pkcs11:object=a/b=c").text(UriAttribute.OBJECT)).contains("a/b=c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"public", "private"})
  void takesTheTypeThatToolsPrint(String type) {
    assertThat(TokenUri.parse("pkcs11:type=" + type).namesKey()).isFalse();
  }

  @Test
  void readsTheLargestSlotId() {
    assertThat(TokenUri.parse("pkcs11:slot-id=18446744073709551615").slotId()).contains(-1L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                | expected a PKCS #11 URI such as
          key.pem                           | does not begin with 'pkcs11:'
          pkcs11:token                      | found an attribute without a value
          pkcs11:token=a;;object=b          | found an attribute without a value
          pkcs11:token=a;                   | found an attribute without a value
          pkcs11:token=a;token=a            | the attribute token occurs twice
          pkcs11:token=a?pin-source=/a&pin-source=/b | the attribute pin-source occurs twice
          pkcs11:Token=a                    | found 'Token'
          pkcs11:label=a                    | expected before '?' in the PKCS #11 URI one of token,
          pkcs11:token=a?pin-souce=/a       | expected after '?' in the PKCS #11 URI one of pin-source,
          pkcs11:token=a;pin-source=/a      | found 'pin-source', which belongs after the '?'
          pkcs11:token=a&pin-value=1234     | the value of token in the PKCS #11 URI has an attribute for a PIN
          pkcs11:token=a,PIN=1234;object=k  | (not shown), expected pin-value or pin-source after a '?'
          pkcs11:token=a;object=k:pin-source=1234 | the value of object in the PKCS #11 URI has
          pkcs11:?token=a                   | found 'token', which belongs before the '?'
          pkcs11:token=%zz                  | the value of token in the PKCS #11 URI: expected % and two
          pkcs11:token=a%2                  | expected % and two hexadecimal digits at position 2
          pkcs11:token=a b                  | at position 2; write it as %XX, a blank as %20
          pkcs11:token=caf\u00e9            | expected visible ASCII characters
          pkcs11:token=%FF                  | the value of token in the PKCS #11 URI: expected UTF-8
          pkcs11:type=cert                  | type in the PKCS #11 URI: expected private, found cert
          pkcs11:type=secret-key            | type in the PKCS #11 URI: expected private
          pkcs11:type=x                     | type in the PKCS #11 URI: expected private, found 'x'
          pkcs11:slot-id=1a                 | slot-id in the PKCS #11 URI: expected a decimal number
          pkcs11:slot-id=-1                 | slot-id in the PKCS #11 URI: expected a decimal number
          pkcs11:slot-id=18446744073709551616 | slot-id in the PKCS #11 URI: expected a number below
          pkcs11:library-version=x          | library-version in the PKCS #11 URI: expected a version
          pkcs11:?pin-value=1&pin-source=/p | pin-value and pin-source in the PKCS #11 URI exclude
          """)
  void refusesWhatItCannotObey(String text, String message) {
    assertThatThrownBy(() -> TokenUri.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs11:token=a?pin-value=%zzSECRET",
        "pkcs11:token=a?pin-value=x SECRET",
        "pkcs11:token=a?pin-value=x&SECRET",
        "pkcs11:token=a?pin-value=x&SECRET=y",
        "pkcs11:token=a?pin-value=SECRET&pin-value=SECRET",
        "pkcs11:token=a;pin-value=SECRET",
        "pkcs11:?pin-value=SECRET&pin-source=SECRET"
      })
  void showsNoPinInAMessage(String text) {
    assertThatThrownBy(() -> TokenUri.parse(text)).hasMessageNotContaining("SECRET");
  }

  @Test
  void showsNoPin() {
    assertThat(TokenUri.parse("pkcs11:token=a?pin-value=SECRET&module-name=m"))
        .hasToString("pkcs11:token=a?pin-value=...&module-name=m");
  }
}
