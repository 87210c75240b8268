package dev.modelsigning.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.TestKeys;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which fields a bundle may have. What other implementations refuse or read as something else must
 * not be passed over: then one bundle would say two things. All bundles here are validly signed.
 */
class BundleFieldsTest {

  private static final String CHAIN =
      "{\"x509CertificateChain\":{\"certificates\":[{\"rawBytes\":\"AAAA\"}]}}";
  private static final String CERTIFICATE = "{\"certificate\":{\"rawBytes\":\"AAAA\"}}";

  private final Forge forge = new Forge();

  private String json(String material) {
    return forge
        .bundleJson(new StatementText().file("a", "x").toString())
        .replaceFirst(
            "\"verificationMaterial\":\\{.*?\\[]}", "\"verificationMaterial\":" + material);
  }

  private String json() {
    return json(
        "{\"publicKey\":{\"hint\":\""
            + TestKeys.fingerprint(forge.keys().publicKey())
            + "\"},\"tlogEntries\":[{\"logIndex\":\"1\"}],\"timestampVerificationData\":"
            + "{\"rfc3161Timestamps\":[{\"signedTimestamp\":\"AAAA\"}]}}");
  }

  private static String changed(String json, String text, String replacement) {
    assertThat(json).contains(text);
    return json.replace(text, replacement);
  }

  private static void refuses(String json, String... parts) {
    assertThatThrownBy(() -> Forge.parse(json))
        .isInstanceOf(MalformedBundleException.class)
        .message()
        .startsWith("bundle: ")
        .hasSizeLessThan(500)
        .satisfies(message -> Stream.of(parts).forEach(part -> assertThat(message).contains(part)));
  }

  @Test
  void acceptsTheBundlesThatAllOthersAreMadeFrom() throws Exception {
    Bundle bundle = Forge.parse(json());
    assertThat(bundle.tlogEntries()).hasSize(1);
    assertThat(bundle.rfc3161Timestamps()).hasSize(1);
    forge.verifier().verify(bundle);
    assertThat(Forge.parse(json(CHAIN)).verificationMaterial())
        .isInstanceOf(VerificationMaterial.X509CertificateChain.class);
    assertThat(Forge.parse(json(CERTIFICATE)).verificationMaterial())
        .isInstanceOf(VerificationMaterial.X509Certificate.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"mediaType\"            | ''                                              | bundle",
        "{\"publicKey\"            | verificationMaterial                            | material",
        "{\"hint\"                 | verificationMaterial.publicKey                  | key",
        "{\"rfc3161Timestamps\"    | verificationMaterial.timestampVerificationData  | stamps",
        "{\"signedTimestamp\"      | rfc3161Timestamps[0]                            | stamp",
        "{\"payload\"              | dsseEnvelope                                    | envelope",
        "{\"sig\"                  | dsseEnvelope.signatures[0]                      | signature"
      })
  void refusesAnUnknownFieldInEveryObject(String first, String place, String what) {
    String path = place.equals("''") ? "" : place + ".";
    for (String value : new String[] {"1", "null", "\"\"", "{}", "[]"}) {
      refuses(
          changed(json(), first, "{\"x\":" + value + "," + first.substring(1)),
          path + "x: unknown field 'x'");
    }
    assertThat(what).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAIN, CERTIFICATE})
  void refusesAnUnknownFieldBesideACertificate(String material) {
    refuses(json(changed(material, "{\"rawBytes\"", "{\"x\":1,\"rawBytes\"")), "x: unknown field");
    refuses(
        json(material.replaceFirst("^\\{(\"[a-zA-Z0-9]+\":\\{)", "{$1\"x\":1,")),
        "x: unknown field 'x'");
  }

  /** Protocol Buffers read both spellings, so what is a field to others must not be none to us. */
  @ParameterizedTest
  @CsvSource({
    "mediaType, media_type",
    "verificationMaterial, verification_material",
    "publicKey, public_key",
    "tlogEntries, tlog_entries",
    "timestampVerificationData, timestamp_verification_data",
    "rfc3161Timestamps, rfc3161_timestamps",
    "signedTimestamp, signed_timestamp",
    "dsseEnvelope, dsse_envelope",
    "payloadType, payload_type"
  })
  void refusesTheOtherSpellingOfAField(String name, String other) {
    refuses(changed(json(), '"' + name + '"', '"' + other + '"'), "unknown field '" + other + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"public_key\":{\"hint\":\"\"}",
        "\"x509_certificate_chain\":{\"certificates\":[{\"rawBytes\":\"AAAA\"}]}",
        "\"certificate\":{\"raw_bytes\":\"AAAA\"}",
        "\"tlog_entries\":[]",
        "\"timestamp_verification_data\":{}"
      })
  void refusesBothSpellingsAtOnce(String second) {
    refuses(changed(json(), "{\"publicKey\"", "{" + second + ",\"publicKey\""), "unknown field '");
  }

  /** Of these one only may be there (oneof), and of each only one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"publicKey\":{\"hint\":\"h\"}",
        "\"certificate\":{\"rawBytes\":\"AAAA\"}",
        "\"x509CertificateChain\":{\"certificates\":[{\"rawBytes\":\"AAAA\"}]}"
      })
  void refusesTwoKindsOfMaterialInAnyOrder(String second) {
    String problem = second.startsWith("\"publicKey\"") ? "Duplicate" : "exactly one of";
    refuses(changed(json(), "{\"publicKey\"", "{" + second + ",\"publicKey\""), problem);
    refuses(changed(json(), ",\"tlogEntries\"", "," + second + ",\"tlogEntries\""), problem);
    String alone = "{" + second + "}";
    refuses(json(changed(alone, alone, alone.replaceFirst("}$", "," + second + "}"))), "Duplicate");
  }

  /** Null is no value of a bundle but of keyid; Protocol Buffers would take it for absence. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mediaType",
        "verificationMaterial",
        "publicKey",
        "hint",
        "tlogEntries",
        "timestampVerificationData",
        "rfc3161Timestamps",
        "signedTimestamp",
        "dsseEnvelope",
        "payload",
        "payloadType",
        "signatures",
        "sig"
      })
  void refusesNull(String name) {
    String json = json().replaceFirst("\"" + name + "\":", "\"" + name + "\":null,\"y\":");
    refuses(json, name, "found null");
  }

  @Test
  void acceptsNullForAKeyid() throws Exception {
    Forge.parse(changed(json(), "\"keyid\":\"\"", "\"keyid\":null"));
  }

  @Test
  void acceptsWhatOlderSignersSayOfAKeyAndNothingElse() throws Exception {
    String old = "{\"publicKey\":{\"rawBytes\":\"AAAA\",\"keyDetails\":\"%s\"}}";
    for (String details :
        new String[] {
          "PKIX_ECDSA_P256_SHA_256", "PKIX_ECDSA_P384_SHA_384", "PKIX_ECDSA_P521_SHA_512"
        }) {
      Forge.parse(json(old.formatted(details)));
    }
    refuses(json(old.formatted("PKIX_RSA_PKCS1V15_2048_SHA256")), "keyDetails: expected one of");
    refuses(
        json(
            changed(
                old.formatted("PKIX_ECDSA_P256_SHA_256"),
                "}}",
                ",\"validFor\":{\"end\":\"2020-01-01T00:00:00Z\"}}}")),
        "publicKey.validFor: unknown field 'validFor'");
  }

  @Test
  void refusesAnObjectWithMoreFieldsThanAnyHas() {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < JsonReader.MAX_MEMBERS; i++) {
      fields.append("\"f").append(i).append("\":0,");
    }
    String statement =
        new StatementText()
            .rawResource("{" + fields + "\"name\":\"a\",\"algorithm\":\"sha256\",\"digest\":\"0\"}")
            .toString();
    assertThatThrownBy(() -> Statement.read(forge.verifier().verify(forge.bundle(statement))))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("expected at most 1000 fields in an object, found more");
    String nested = new StatementText().rawResource("{\"x\":{" + fields + "\"y\":0}}").toString();
    assertThatThrownBy(() -> Statement.read(forge.verifier().verify(forge.bundle(nested))))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("expected at most 1000 fields in an object, found more");
  }
}
