package dev.modelsigning.sigstore.vectors;

import static dev.modelsigning.sigstore.vectors.VectorKit.LOG;
import static dev.modelsigning.sigstore.vectors.VectorKit.TIME;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.modelsigning.sigstore.TestSigning;
import dev.modelsigning.sigstore.TestSigstore;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.vectors.Vector;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;

/** Keyless vectors about entries of transparency logs. */
final class LogVectors {

  private static final Instant SOON = TestSigning.SOON;

  private final VectorKit kit;

  LogVectors(VectorKit kit) {
    this.kit = kit;
  }

  void make() {
    checkpoints();
    forms();
    proofs();
    bodies();
    times();
    others();
  }

  // --- checkpoints, which the log signs whatever they say

  private void checkpoint(String name, String about, UnaryOperator<String> change) {
    for (int version : new int[] {1, 2}) {
      TestSigstore sigstore = kit.sigstore();
      sigstore.log1.checkpoints = change;
      sigstore.log2.checkpoints = change;
      TestSigning signing = kit.signing(sigstore);
      kit.add(
          "checkpoint-" + name + "-" + version,
          about,
          LOG,
          version == 1
              ? signing.logDsse1(SOON).bundle()
              : signing.logHashedRekord2().timestamp(SOON).bundle());
    }
  }

  private void checkpoints() {
    checkpoint(
        "of-another-size",
        "a checkpoint about a tree of another size",
        text -> text.replace("\n6\n", "\n7\n"));
    String other = TestSigstore.base64(new byte[32]);
    checkpoint(
        "of-another-root",
        "a checkpoint with another root hash",
        text -> text.replaceFirst("[^\n]+\n$", Matcher.quoteReplacement(other + "\n")));
    String[][] texts = {
      {"empty", ""},
      {"short", "x\n"},
      {"without-origin", "\n6\nAAAA\n"},
      {"leading-zero", "x\n06\nAAAA\n"},
      {"not-base64", "x\n6\n!\n"},
      {"negative", "x\n-1\nAAAA\n"}
    };
    for (String[] each : texts) {
      checkpoint(each[0], "a checkpoint of another form", right -> each[1]);
    }
    changed1(
        "checkpoint-by-another-log",
        "a checkpoint that another log signed",
        LOG,
        entry -> {
          JsonObject stranger = entry1(new TestSigstore(kit.plan("-other")));
          proof(entry).add("checkpoint", proof(stranger).get("checkpoint"));
        });
    changed1(
        "checkpoint-without-signature",
        "a checkpoint that nobody signed",
        LOG,
        entry -> {
          JsonObject checkpoint = proof(entry).getAsJsonObject("checkpoint");
          String text = checkpoint.get("envelope").getAsString();
          checkpoint.addProperty("envelope", text.substring(0, text.indexOf("\n\n") + 2));
        });
  }

  // --- changed entries

  private JsonObject entry1(TestSigstore sigstore) {
    TestSigning signing = kit.signing(sigstore);
    return JsonParser.parseString(sigstore.log1.add("dsse", "0.0.1", signing.dsse1Body(), SOON))
        .getAsJsonObject();
  }

  private static JsonObject proof(JsonObject entry) {
    return entry.getAsJsonObject("inclusionProof");
  }

  private void changed1(String name, String about, String expected, Consumer<JsonObject> change) {
    JsonObject entry = entry1(kit.sigstore());
    change.accept(entry);
    kit.add(name, about, expected, kit.signing(kit.sigstore()).entry(entry.toString()).bundle());
  }

  private void changed2(String name, String about, String expected, Consumer<JsonObject> change) {
    TestSigstore sigstore = kit.sigstore();
    TestSigning signing = kit.signing(sigstore);
    JsonObject entry =
        JsonParser.parseString(
                sigstore.log2.add("hashedrekord", "0.0.2", signing.hashedRekord2Body(), SOON))
            .getAsJsonObject();
    change.accept(entry);
    kit.add(name, about, expected, signing.entry(entry.toString()).timestamp(SOON).bundle());
  }

  private void forms() {
    for (String field : new String[] {"inclusionProof", "canonicalizedBody"}) {
      changed1(
          "entry-without-" + (field.startsWith("i") ? "proof" : "body"),
          "an entry that lacks a field",
          Vector.MALFORMED_BUNDLE,
          entry -> entry.remove(field));
    }
    changed1(
        "entry-without-checkpoint",
        "an entry whose proof has no checkpoint",
        Vector.MALFORMED_BUNDLE,
        entry -> proof(entry).remove("checkpoint"));
    changed1(
        "entry-without-log", "an entry that names no log", LOG, entry -> entry.remove("logId"));
    changed1(
        "entry-without-kind",
        "an entry that names no kind",
        LOG,
        entry -> entry.remove("kindVersion"));
    for (String index : new String[] {"-1", "x"}) {
      changed1(
          "entry-index-" + (index.equals("x") ? "text" : "negative"),
          "an entry of another form",
          Vector.MALFORMED_BUNDLE,
          entry -> entry.addProperty("logIndex", index));
    }
    changed1(
        "entry-index",
        "another number than the log promised",
        LOG,
        entry -> entry.addProperty("logIndex", "1006"));
    changed2(
        "entry-index-nobody-signed",
        "another number than the proof has",
        LOG,
        entry -> entry.addProperty("logIndex", "6"));
    changed1(
        "entry-time",
        "another time than the log promised",
        LOG,
        entry -> entry.addProperty("integratedTime", "" + (SOON.getEpochSecond() + 1)));
    changed1(
        "entry-promise-by-another-log",
        "a promise that another log signed",
        LOG,
        entry ->
            entry.add(
                "inclusionPromise",
                entry1(new TestSigstore(kit.plan("-other"))).get("inclusionPromise")));
    changed1(
        "entry-time-without-promise",
        "a time that nobody signed",
        LOG,
        entry -> entry.remove("inclusionPromise"));
  }

  private void proofs() {
    changed1(
        "proof-without-hashes",
        "an inclusion proof that lacks its hashes",
        LOG,
        entry -> proof(entry).add("hashes", new JsonArray()));
    changed1(
        "proof-hash-changed",
        "an inclusion proof with another hash",
        LOG,
        entry ->
            proof(entry)
                .getAsJsonArray("hashes")
                .set(0, new JsonPrimitive(TestSigstore.base64(new byte[32]))));
    changed1(
        "proof-hash-too-many",
        "an inclusion proof with one hash more",
        LOG,
        entry -> proof(entry).getAsJsonArray("hashes").add(TestSigstore.base64(new byte[32])));
    changed1(
        "proof-of-65-hashes",
        "an inclusion proof with more hashes than any tree has levels",
        Vector.MALFORMED_BUNDLE,
        entry -> {
          for (int i = 0; i < 65; i++) {
            proof(entry).getAsJsonArray("hashes").add(TestSigstore.base64(new byte[32]));
          }
        });
    String[][] fields = {
      {"index", "logIndex", "4"},
      {"index-beyond-the-tree", "logIndex", "6"},
      {"index-huge", "logIndex", Long.toString(Long.MAX_VALUE)},
      {"tree-size", "treeSize", "7"},
      {"tree-size-zero", "treeSize", "0"},
      {"tree-size-huge", "treeSize", Long.toString(Long.MAX_VALUE)},
      {"root-hash", "rootHash", TestSigstore.base64(new byte[32])},
      {"root-hash-empty", "rootHash", ""}
    };
    for (String[] each : fields) {
      changed1(
          "proof-" + each[0],
          "an inclusion proof for another place",
          LOG,
          entry -> proof(entry).addProperty(each[1], each[2]));
    }
  }

  // --- what is in the log, which takes what it is sent

  private void body1(String name, String about, UnaryOperator<String> change) {
    TestSigstore sigstore = kit.sigstore();
    TestSigning signing = kit.signing(sigstore);
    String body = change.apply(signing.dsse1Body());
    String kind = body.contains("\"kind\":\"rekord\"") ? "rekord" : "dsse";
    kit.add(
        "body-" + name,
        about,
        LOG,
        signing.entry(sigstore.log1.add(kind, "0.0.1", body, SOON)).bundle());
  }

  private void body2(String name, String about, UnaryOperator<String> change) {
    TestSigstore sigstore = kit.sigstore();
    TestSigning signing = kit.signing(sigstore);
    String body = change.apply(signing.hashedRekord2Body());
    kit.add(
        "body-" + name,
        about,
        LOG,
        signing
            .entry(sigstore.log2.add("hashedrekord", "0.0.2", body, SOON))
            .timestamp(SOON)
            .bundle());
  }

  private void bodies() {
    TestSigstore sigstore = kit.sigstore();
    TestSigning signing = kit.signing(sigstore);
    TestSigning other = kit.signing(sigstore, new StatementText().file("a", "evil").toString());
    String signature = base64(signing.envelope.signature().toArray());
    String otherSignature = base64(other.envelope.signature().toArray());
    body1("of-another-signing-1", "an entry about another signing", body -> other.dsse1Body());
    body2(
        "of-another-signing-2",
        "an entry about another signing",
        body -> other.hashedRekord2Body());
    body1(
        "another-signature-1",
        "an entry with another signature",
        body -> body.replace(signature, otherSignature));
    body2(
        "another-signature-2",
        "an entry with another signature",
        body -> body.replace(signature, otherSignature));
    String digest = base64(Sha256.of(signing.envelope.payload().pae()));
    String otherDigest = base64(Sha256.of(other.envelope.payload().pae()));
    body2(
        "another-digest",
        "an entry with the digest of another payload",
        body -> body.replace(digest, otherDigest));
    body1(
        "another-digest-algorithm",
        "an entry by another algorithm",
        body -> body.replace("\"sha256\"", "\"sha512\""));
    byte[] otherDer =
        kit.signing(
                sigstore,
                sigstore.certify(kit.key("signer").getPublic(), TestSigning.START.plusSeconds(1)))
            .der();
    body1(
        "another-certificate-1",
        "an entry with another certificate",
        body ->
            body.replace(
                TestSigstore.base64(TestSigstore.pem(signing.der())),
                TestSigstore.base64(TestSigstore.pem(otherDer))));
    body2(
        "another-certificate-2",
        "an entry with another certificate",
        body -> body.replace(base64(signing.der()), base64(otherDer)));
    body2(
        "another-key-kind",
        "an entry that says that the key is of another kind",
        body -> body.replace("PKIX_ECDSA_P256_SHA_256", "PKIX_ECDSA_P384_SHA_384"));
    body1("not-json", "an entry that is not JSON", body -> "x" + body);
    body1("empty-object", "an entry that says nothing", body -> "{}");
    body1(
        "duplicate-name",
        "an entry with two kinds, of which parsers take one or the other",
        body -> body.replace("\"kind\":\"dsse\"", "\"kind\":\"dsse\",\"kind\":\"dsse\""));
    body1(
        "of-another-kind",
        "an entry of another kind",
        body -> body.replace("\"kind\":\"dsse\"", "\"kind\":\"rekord\""));
    body1(
        "of-another-version",
        "an entry whose version is not that of its body",
        body -> body.replace("\"apiVersion\":\"0.0.1\"", "\"apiVersion\":\"0.0.2\""));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private void times() {
    long[] seconds = {Long.MAX_VALUE, Long.MAX_VALUE / 1000, 31_556_889_864_403_200L, 0};
    String[] names = {"highest", "in-milliseconds", "beyond-java", "zero"};
    for (int i = 0; i < seconds.length; i++) {
      TestSigstore sigstore = kit.sigstore();
      TestSigning signing = kit.signing(sigstore);
      sigstore.log1.integratedTime = seconds[i];
      String entry = sigstore.log1.add("dsse", "0.0.1", signing.dsse1Body(), SOON);
      kit.add(
          "integrated-time-" + names[i],
          "an entry whose time is " + seconds[i] + ", as its log promised",
          LOG,
          signing.entry(entry).bundle());
    }
    TestSigstore sigstore = kit.sigstore();
    TestSigning signing = kit.signing(sigstore);
    kit.add(
        "promise-under-version-2",
        "a promise under an entry of a kind that has none gives no time",
        TIME,
        signing
            .entry(sigstore.log1.add("hashedrekord", "0.0.2", signing.hashedRekord2Body(), SOON))
            .bundle());
  }

  private void others() {
    TestSigstore stranger = new TestSigstore(kit.plan("-other"));
    TestSigning signing = kit.signing(kit.sigstore());
    kit.add(
        "log-unknown",
        "an entry of a log that nobody trusts",
        LOG,
        signing.entry(stranger.log1.add("dsse", "0.0.1", signing.dsse1Body(), SOON)).bundle());
    TestSigning both = kit.signing(kit.sigstore()).logDsse1(SOON);
    kit.add(
        "log-unknown-beside-good",
        "the same beside a good one",
        LOG,
        both.entry(stranger.log1.add("dsse", "0.0.1", both.dsse1Body(), SOON)).bundle());
    TestSigstore sigstore = kit.sigstore();
    TestSigning many = kit.signing(sigstore);
    String entry = sigstore.log1.add("dsse", "0.0.1", many.dsse1Body(), SOON);
    for (int i = 0; i < 33; i++) {
      many.entry(entry);
    }
    kit.add(
        "entries-33",
        "more entries than any honest bundle has",
        Vector.MALFORMED_BUNDLE,
        many.bundle());
  }
}
