package dev.modelsigning.sigstore.vectors;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.sigstore.TestSigning;
import dev.modelsigning.sigstore.TestSigstore;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.vectors.KeysForTests;
import dev.modelsigning.vectors.Vector;
import dev.modelsigning.vectors.VectorFolder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.x509.GeneralName;

/** The instances of Sigstore for the keyless vectors, whose keys are always the same. */
final class VectorKit {

  static final String CERTIFICATE = "UNTRUSTED_CERTIFICATE";
  static final String TIME = "UNTRUSTED_TIMESTAMP";
  static final String LOG = "UNTRUSTED_LOG_ENTRY";

  static final String PAYLOAD =
      new StatementText().file("a", "alpha").file("b/c", "gamma").toString();

  private final VectorFolder folder;
  private final KeysForTests keys;

  /** The file of the root that most vectors trust. */
  final String trustedRoot;

  VectorKit(VectorFolder folder, KeysForTests keys) {
    this.folder = folder;
    this.keys = keys;
    this.trustedRoot = root("trusted-root", sigstore().trustedRootJson());
  }

  /** A plan with fixed keys. */
  TestSigstore.Plan plan() {
    return plan("");
  }

  /** The same for another instance. */
  TestSigstore.Plan plan(String suffix) {
    return new TestSigstore.Plan()
        .keys(name -> keys.ec(name + suffix), name -> keys.ed25519(name + suffix));
  }

  /** The instance that most vectors are of, with logs as at the beginning. */
  TestSigstore sigstore() {
    return new TestSigstore(plan());
  }

  KeyPair key(String name) {
    return keys.ec(name);
  }

  /** A signing by Alice, without log entry and time stamp. */
  TestSigning signing(TestSigstore sigstore) {
    return signing(sigstore, PAYLOAD);
  }

  TestSigning signing(TestSigstore sigstore, String payload) {
    KeyPair pair = keys.ec("signer");
    return TestSigning.signed(
        sigstore, sigstore.certify(pair.getPublic(), TestSigning.START), pair, payload);
  }

  /** A signing with a certificate that was made for it. */
  TestSigning signing(TestSigstore sigstore, X509Certificate certificate) {
    return TestSigning.signed(sigstore, certificate, keys.ec("signer"), PAYLOAD);
  }

  static GeneralName alice() {
    return new GeneralName(GeneralName.rfc822Name, TestSigstore.IDENTITY);
  }

  /** Writes a trusted root and returns how vectors name it. */
  String root(String name, String json) {
    return folder.file(name + ".json", json + "\n");
  }

  /** A vector of Alice's, by this root. */
  Vector vector(String name, String about, String section, String root) {
    return Vector.of(name, about, section)
        .option("identity", TestSigstore.IDENTITY)
        .option("identity-provider", TestSigstore.ISSUER)
        .option("trusted-root", root);
  }

  void add(String name, String about, String expected, Bundle bundle) {
    add(name, about, expected, trustedRoot, bundle);
  }

  void add(String name, String about, String expected, String root, Bundle bundle) {
    folder.add(vector(name, about, "8.2", root).expected(expected), bundle);
  }

  void add(String name, String about, String expected, String json) {
    folder.add(vector(name, about, "8.2", trustedRoot).expected(expected), json);
  }

  void add(Vector vector, Bundle bundle) {
    folder.add(vector, bundle);
  }

  static String json(Bundle bundle) {
    return new String(bundle.toJson().toArray(), StandardCharsets.UTF_8);
  }
}
