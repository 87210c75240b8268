package dev.modelsigning.vectors;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.TestKeys;
import java.util.Locale;

/** Vectors whose bundle, envelope or signature was changed. */
final class BundleFormVectors {

  private final VectorFolder folder;
  private final Forge forge;
  private final String publicKey;
  private final KeysForTests keys;
  private final String statement = StatementVectors.good().toString();
  private final String good;

  BundleFormVectors(VectorFolder folder, Forge forge, String publicKey, KeysForTests keys) {
    this.folder = folder;
    this.forge = forge;
    this.publicKey = publicKey;
    this.keys = keys;
    this.good = forge.bundleJson(statement);
  }

  private Vector vector(String name, String about, String section, String expected) {
    return Vector.of(name, about, section).option("public-key", publicKey).expected(expected);
  }

  private void accepted(String name, String about, String section, String json) {
    folder.add(vector("unusual-bundle-" + name, about, section, Vector.VERIFIED), changed(json));
  }

  private void malformed(String name, String about, String section, String json) {
    folder.add(vector("bundle-" + name, about, section, Vector.MALFORMED_BUNDLE), changed(json));
  }

  private void refused(String name, String about, String section, String expected, String json) {
    folder.add(vector("tampered-" + name, about, section, expected), changed(json));
  }

  /** A vector whose bundle is the good one by mistake would prove nothing. */
  private String changed(String json) {
    if (json.equals(good)) {
      throw new IllegalStateException("nothing was changed");
    }
    return json;
  }

  void make() {
    hints();
    mediaTypes();
    fields();
    base64();
    json();
  }

  private String hint() {
    return TestKeys.fingerprint(forge.keys().publicKey());
  }

  private String withPublicKey(String fields) {
    return good.replace("{\"hint\":\"" + hint() + "\"}", fields);
  }

  private void hints() {
    String pem = TestKeys.pem(forge.keys().publicKey());
    accepted("no-hint", "the key is not named", "4.2", withPublicKey("{}"));
    accepted("hint-empty", "the key is not named", "4.2", withPublicKey("{\"hint\":\"\"}"));
    accepted(
        "hint-upper-case",
        "the hint in upper case",
        "4.2",
        good.replace(hint(), hint().toUpperCase(Locale.ROOT)));
    accepted(
        "raw-bytes",
        "rawBytes in place of a hint, the key in PEM, as model_signing 1.0 wrote it",
        "4.2",
        withPublicKey("{\"rawBytes\":\"" + Forge.base64(pem) + "\"}"));
    String other = TestKeys.pem(other().publicKey());
    refused(
        "raw-bytes-of-another-key",
        "rawBytes of another key",
        "4.2",
        "WRONG_KEY",
        withPublicKey("{\"rawBytes\":\"" + Forge.base64(other) + "\"}"));
    refused(
        "raw-bytes-of-another-key-beside-the-hint",
        "rawBytes of another key beside the right hint",
        "4.2",
        "WRONG_KEY",
        withPublicKey(
            "{\"hint\":\"" + hint() + "\",\"rawBytes\":\"" + Forge.base64(other) + "\"}"));
    refused(
        "hint-of-another-key",
        "the hint of another key",
        "4.2",
        "WRONG_KEY",
        good.replace(hint(), TestKeys.fingerprint(other().publicKey())));
    refused(
        "hint-text",
        "a hint that is no fingerprint",
        "4.2",
        "WRONG_KEY",
        good.replace(hint(), "the key"));
    malformed(
        "public-key-unknown-field",
        "an unknown field beside the hint, which could name another key",
        "4.1",
        withPublicKey("{\"hint\":\"" + hint() + "\",\"unknown\":\"x\"}"));
    malformed(
        "public-key-unknown-field-alone",
        "an unknown field in place of the hint",
        "4.1",
        withPublicKey("{\"unknown\":\"x\"}"));
  }

  private TestKeys other() {
    return keys.signer("p256-other", EcdsaScheme.P256);
  }

  private void mediaTypes() {
    for (String version : new String[] {"0.1", "0.2", "0.3"}) {
      accepted(
          "media-type-" + version,
          "an older media type",
          "8.1",
          good.replace(
              Bundle.MEDIA_TYPE, "application/vnd.dev.sigstore.bundle+json;version=" + version));
    }
    String[][] types = {
      {"json", "application/json"},
      {"newer", "application/vnd.dev.sigstore.bundle.v0.4+json"},
      {"newer-old-form", "application/vnd.dev.sigstore.bundle+json;version=0.4"},
      {"space", Bundle.MEDIA_TYPE + " "},
      {"empty", ""}
    };
    for (String[] each : types) {
      malformed(
          "media-type-" + each[0],
          "another media type",
          "8.1",
          good.replace(Bundle.MEDIA_TYPE, each[1]));
    }
  }

  private void fields() {
    accepted("keyid-null", "keyid null", "4", good.replace("\"keyid\":\"\"", "\"keyid\":null"));
    accepted("keyid-absent", "no keyid", "4", good.replace(",\"keyid\":\"\"", ""));
    accepted("keyid-text", "any keyid", "4", good.replace("\"keyid\":\"\"", "\"keyid\":\"any\""));
    malformed("keyid-number", "a number", "4", good.replace("\"keyid\":\"\"", "\"keyid\":1"));
    accepted(
        "no-log-entries",
        "no tlogEntries, and empty time stamps",
        "8.1",
        good.replace(",\"tlogEntries\":[]", ",\"timestampVerificationData\":{}"));
    accepted(
        "log-entry",
        "a log entry, which nobody verifies with this method",
        "8.1",
        good.replace("\"tlogEntries\":[]", "\"tlogEntries\":[{\"logIndex\":\"1\"}]"));
    malformed(
        "log-entry-number",
        "a log entry that is no object",
        "8.1",
        good.replace("\"tlogEntries\":[]", "\"tlogEntries\":[1]"));
    malformed(
        "material-unknown-field",
        "an unknown field in verificationMaterial",
        "8.1",
        good.replace("\"tlogEntries\":[]", "\"x\":{\"y\":[]}"));
    malformed(
        "unknown-field", "an unknown field", "8.1", good.replace("{\"media", "{\"x\":1,\"media"));
    malformed(
        "envelope-unknown-field",
        "an unknown field",
        "6.7",
        good.replace("{\"payload\"", "{\"x\":1,\"payload\""));
    malformed(
        "signature-unknown-field",
        "an unknown field",
        "6.7",
        good.replace("{\"sig\"", "{\"x\":1,\"sig\""));
    String one = good.replaceAll(".*\"signatures\":\\[(.*)]}}", "$1");
    malformed(
        "two-signatures",
        "two signatures, both of them good",
        "4",
        good.replace("[" + one + "]", "[" + one + "," + one + "]"));
    malformed("no-signature", "no signature", "4", good.replace("[" + one + "]", "[]"));
    malformed(
        "two-materials",
        "a certificate besides",
        "4.1",
        good.replace("\"tlogEntries\":[]", "\"certificate\":{\"rawBytes\":\"AAAA\"}"));
    malformed("no-material", "no key", "4.1", good.replaceAll("\"publicKey\":\\{[^}]*},", ""));
    malformed(
        "empty-chain",
        "a chain without certificates",
        "4.1",
        good.replaceAll(
            "\"publicKey\":\\{[^}]*}", "\"x509CertificateChain\":{\"certificates\":[]}"));
    for (String field : new String[] {"mediaType", "verificationMaterial", "dsseEnvelope"}) {
      malformed(
          "without-" + field.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT),
          "a field is missing",
          "8.1",
          good.replaceAll("\"" + field + "\":(\"[^\"]*\"|\\{.*?}(?=,\"dsse|}$)),?", "")
              .replace(",}", "}"));
    }
    for (String field : new String[] {"payload", "payloadType", "signatures"}) {
      malformed(
          "envelope-without-" + field.replace("T", "-t"),
          "a field is missing",
          "6.7",
          good.replace("\"" + field + "\":", "\"x\":"));
    }
    malformed(
        "wrong-method",
        "a field that is null",
        "4.1",
        good.replaceAll("\"publicKey\":\\{[^}]*}", "\"publicKey\":null"));
  }

  private void base64() {
    String payload = Forge.base64(statement);
    String[][] texts = {
      {"empty", ""},
      {"line-feed", payload.substring(0, 76) + "\\n" + payload.substring(76)},
      {"space", " " + payload},
      {"no-padding", payload.replace("=", "") + (payload.endsWith("=") ? "" : "A")},
      {"behind-padding", payload + "AA==AA=="},
      {"one-letter", "A"}
    };
    for (String[] each : texts) {
      malformed(
          "base64-payload-" + each[0],
          "a payload that is not canonical Base64",
          "8.1",
          good.replace(payload, each[1]));
    }
    String signature = signatureOf(good);
    malformed("base64-signature-empty", "an empty signature", "8.1", good.replace(signature, ""));
    malformed(
        "base64-signature-bits",
        "a signature whose last letter has bits that do not count",
        "8.1",
        good.replace(signature, bitsThatDoNotCount(signature)));
  }

  static String signatureOf(String json) {
    return json.replaceAll(".*\"sig\":\"([^\"]*)\".*", "$1");
  }

  private static String bitsThatDoNotCount(String base64) {
    String padding = base64.replaceAll("[^=]", "");
    if (padding.isEmpty()) {
      return base64 + "AB==";
    }
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    String text = base64.replace("=", "");
    char last = letters.charAt(letters.indexOf(text.charAt(text.length() - 1)) + 1);
    return text.substring(0, text.length() - 1) + last + padding;
  }

  private void json() {
    String[][] texts = {
      {"empty", ""},
      {"empty-object", "{}"},
      {"array", "[" + good + "]"},
      {"text-behind", good + "x"},
      {"object-behind", good + good},
      {"byte-order-mark", "\uFEFF" + good},
      {"comment", good + "/* comment */"},
      {"single-quotes", good.replace('"', '\'')},
      {"comma-at-end", good.replaceFirst("}$", ",}")},
      {"duplicate-keyid", good.replace("\"keyid\":\"\"", "\"keyid\":\"\",\"keyid\":\"\"")},
      {"duplicate-payload", good.replace("{\"payload\"", "{\"payload\":\"e30=\",\"payload\"")},
      {
        "duplicate-in-log-entry",
        good.replace("\"tlogEntries\":[]", "\"tlogEntries\":[{\"a\":1,\"a\":1}]")
      },
      {"deep", good.replace("\"tlogEntries\":[]", "\"x\":" + "[".repeat(500) + "]".repeat(500))},
      {
        "too-many-log-entries",
        good.replace("\"tlogEntries\":[]", "\"tlogEntries\":[" + "{},".repeat(20_000) + "{}]")
      }
    };
    for (String[] each : texts) {
      malformed("json-" + each[0], "not JSON, or not one bundle", "8.1", each[1]);
    }
    accepted("json-white-space", "white space around the bundle", "8.1", "\n " + good + " \r\n\t");
  }
}
