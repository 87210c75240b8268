package dev.modelsigning.sigstore.vectors;

import static dev.modelsigning.sigstore.vectors.VectorKit.CERTIFICATE;
import static dev.modelsigning.sigstore.vectors.VectorKit.LOG;
import static dev.modelsigning.sigstore.vectors.VectorKit.TIME;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.sigstore.TestSigning;
import dev.modelsigning.sigstore.TestSigstore;
import dev.modelsigning.vectors.Vector;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.NameConstraints;

/** Keyless vectors about the trusted root: the periods and purposes of its services. */
final class TrustVectors {

  private static final Instant SOON = TestSigning.SOON;

  private final VectorKit kit;

  TrustVectors(VectorKit kit) {
    this.kit = kit;
  }

  void make() {
    severalAuthorities();
    validity();
    missingStarts();
    forms();
    authorities();
  }

  private Bundle bundle(boolean first) {
    TestSigning signing = kit.signing(kit.sigstore());
    return first
        ? signing.logDsse1(SOON).bundle()
        : signing.logHashedRekord2().timestamp(SOON).bundle();
  }

  private JsonObject root() {
    return JsonParser.parseString(kit.sigstore().trustedRootJson()).getAsJsonObject();
  }

  private String changed(String name, Consumer<JsonObject> change) {
    JsonObject root = root();
    change.accept(root);
    return kit.root("root-" + name, root.toString());
  }

  private static JsonObject first(JsonObject root, String list) {
    return root.getAsJsonArray(list).get(0).getAsJsonObject();
  }

  private static JsonObject validFor(JsonObject service) {
    return service.has("publicKey")
        ? service.getAsJsonObject("publicKey").getAsJsonObject("validFor")
        : service.getAsJsonObject("validFor");
  }

  private void severalAuthorities() {
    TestSigstore other = new TestSigstore(kit.plan("-other"));
    JsonObject otherRoot = JsonParser.parseString(other.trustedRootJson()).getAsJsonObject();
    String both =
        changed(
            "two-of-each",
            root -> {
              for (String list :
                  new String[] {
                    "tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"
                  }) {
                JsonArray merged = otherRoot.getAsJsonArray(list).deepCopy();
                merged.addAll(root.getAsJsonArray(list));
                root.add(list, merged);
              }
            });
    kit.add("root-two-of-each-1", "two services of each kind", Vector.VERIFIED, both, bundle(true));
    kit.add(
        "root-two-of-each-2", "two services of each kind", Vector.VERIFIED, both, bundle(false));
    TestSigning signing = kit.signing(kit.sigstore()).logHashedRekord2().timestamp(SOON);
    kit.add(
        "root-two-time-stamping-authorities",
        "a time stamp by each of two authorities",
        Vector.VERIFIED,
        both,
        signing
            .bundle()
            .withTimestamp(
                other.timeAuthority().stamp(signing.envelope.signature(), SOON.plusSeconds(1))));
  }

  private void validity() {
    String early = "2026-03-04T00:00:00Z";
    String late = "2026-03-05T00:00:00Z";
    String[][] services = {
      {"certificateAuthorities", CERTIFICATE, "authority"},
      {"ctlogs", CERTIFICATE, "certificate-log"},
      {"timestampAuthorities", TIME, "time-stamping-authority"},
      {"tlogs", LOG, "log"}
    };
    for (String[] each : services) {
      boolean rekor1 = !each[0].equals("timestampAuthorities");
      String ended =
          changed(
              each[2] + "-ended", root -> validFor(first(root, each[0])).addProperty("end", early));
      kit.add(
          "root-" + each[2] + "-ended", "a service after its time", each[1], ended, bundle(rekor1));
      String begun =
          changed(
              each[2] + "-of-later",
              root -> validFor(first(root, each[0])).addProperty("start", late));
      kit.add(
          "root-" + each[2] + "-of-later",
          "a service before its time",
          each[1],
          begun,
          bundle(rekor1));
      String until =
          changed(
              each[2] + "-ends-later",
              root -> validFor(first(root, each[0])).addProperty("end", late));
      kit.add(
          "root-" + each[2] + "-ends-later",
          "a service that ended after the signature",
          Vector.VERIFIED,
          until,
          bundle(rekor1));
    }
    String withdrawn =
        changed(
            "log-2-ended",
            root ->
                validFor(root.getAsJsonArray("tlogs").get(1).getAsJsonObject())
                    .addProperty("end", early));
    kit.add("root-log-2-ended", "a log of version 2 after its time", LOG, withdrawn, bundle(false));
    kit.add(
        "root-log-2-ended-beside-good",
        "an entry under a key that was withdrawn, beside a good one that has a time",
        LOG,
        withdrawn,
        kit.signing(kit.sigstore()).logDsse1(SOON).logHashedRekord2().bundle());
    kit.add(
        "root-log-2-ended-beside-good-and-time-stamp",
        "the same with a time stamp",
        LOG,
        withdrawn,
        kit.signing(kit.sigstore()).logDsse1(SOON).logHashedRekord2().timestamp(SOON).bundle());
    TestSigstore old = new TestSigstore(kit.plan().rootLifetime(Duration.ofDays(365)));
    kit.add(
        "root-certificate-expired",
        "the root's certificate had expired",
        CERTIFICATE,
        kit.root("root-certificate-expired", old.trustedRootJson()),
        kit.signing(old).logDsse1(SOON).bundle());
  }

  private void missingStarts() {
    String[][] services = {
      {"tlogs", "log"},
      {"certificateAuthorities", "authority"},
      {"timestampAuthorities", "time-stamping-authority"},
      {"ctlogs", "certificate-log"}
    };
    for (String[] each : services) {
      for (boolean whole : new boolean[] {false, true}) {
        String name = each[1] + (whole ? "-without-validity" : "-without-start");
        String root =
            changed(
                name,
                json -> {
                  JsonObject service = first(json, each[0]);
                  if (!whole) {
                    validFor(service).remove("start");
                  } else if (service.has("publicKey")) {
                    service.getAsJsonObject("publicKey").remove("validFor");
                  } else {
                    service.remove("validFor");
                  }
                });
        kit.add(
            "root-" + name,
            "a trusted root that does not say since when a service is trusted",
            Vector.UNUSABLE_TRUST,
            root,
            bundle(!each[0].equals("timestampAuthorities")));
      }
    }
  }

  private void forms() {
    add("without-media-type", Vector.VERIFIED, root -> root.remove("mediaType"));
    add(
        "media-type-other",
        Vector.UNUSABLE_TRUST,
        root -> root.addProperty("mediaType", "application/json"));
    add(
        "authority-without-certificates",
        Vector.UNUSABLE_TRUST,
        root ->
            first(root, "certificateAuthorities")
                .getAsJsonObject("certChain")
                .add("certificates", new JsonArray()));
    add(
        "authority-with-damaged-certificate",
        Vector.UNUSABLE_TRUST,
        root ->
            first(root, "certificateAuthorities")
                .getAsJsonObject("certChain")
                .getAsJsonArray("certificates")
                .get(0)
                .getAsJsonObject()
                .addProperty("rawBytes", "cnViYmlzaA=="));
    add(
        "log-with-damaged-key",
        Vector.UNUSABLE_TRUST,
        root -> first(root, "tlogs").getAsJsonObject("publicKey").addProperty("rawBytes", "AAAA"));
    add(
        "log-with-key-of-another-kind",
        LOG,
        root ->
            first(root, "tlogs")
                .getAsJsonObject("publicKey")
                .addProperty("keyDetails", "PKIX_ED25519_PH"));
    add("without-logs", Vector.UNUSABLE_TRUST, root -> root.remove("tlogs"));
    add(
        "without-authorities",
        Vector.UNUSABLE_TRUST,
        root -> root.remove("certificateAuthorities"));
    add("without-certificate-logs", CERTIFICATE, root -> root.remove("ctlogs"));
    kit.add(
        "root-without-time-stamping-authorities",
        "a time stamp, and nobody is trusted for it",
        TIME,
        changed("without-time-stamping-authorities", root -> root.remove("timestampAuthorities")),
        bundle(false));
    kit.add(
        "root-of-another-instance",
        "the trusted root of another instance",
        LOG,
        kit.root(
            "root-of-another-instance", new TestSigstore(kit.plan("-other")).trustedRootJson()),
        bundle(true));
    kit.add(
        "root-rubbish",
        "a trusted root that is none",
        Vector.UNUSABLE_TRUST,
        kit.root("root-rubbish", "rubbish"),
        bundle(true));
  }

  private void add(String name, String expected, Consumer<JsonObject> change) {
    kit.add(
        "root-" + name,
        "a trusted root of another form",
        expected,
        changed(name, change),
        bundle(true));
  }

  // --- what the certificates of authorities say about themselves

  private void authority(String name, String about, TestSigstore.Plan plan) {
    TestSigstore sigstore = new TestSigstore(plan);
    kit.add(
        "authority-" + name,
        about,
        CERTIFICATE,
        kit.root("authority-" + name, sigstore.trustedRootJson()),
        kit.signing(sigstore).logDsse1(SOON).bundle());
  }

  private void stampAuthority(String name, String about, TestSigstore.Plan plan) {
    TestSigstore sigstore = new TestSigstore(plan);
    kit.add(
        "time-stamping-authority-" + name,
        about,
        TIME,
        kit.root("time-stamping-authority-" + name, sigstore.trustedRootJson()),
        kit.signing(sigstore).logHashedRekord2().timestamp(SOON).bundle());
  }

  private static NameConstraints constraints() {
    GeneralSubtree[] subtrees = {
      new GeneralSubtree(new GeneralName(GeneralName.rfc822Name, "bank.example"))
    };
    return new NameConstraints(subtrees, null);
  }

  private void authorities() {
    authority(
        "root-path-length",
        "a root that allows no authority below it",
        kit.plan()
            .root(b -> b.addExtension(Extension.basicConstraints, true, new BasicConstraints(0))));
    authority(
        "root-names",
        "a root whose name constraints exclude the signer",
        kit.plan().root(b -> b.addExtension(Extension.nameConstraints, true, constraints())));
    authority(
        "root-damaged",
        "a root with name constraints that cannot be read",
        kit.plan().root(b -> b.addExtension(Extension.nameConstraints, false, new ASN1Integer(1))));
    authority(
        "intermediate-names",
        "an authority whose name constraints exclude the signer",
        kit.plan()
            .intermediate(b -> b.addExtension(Extension.nameConstraints, true, constraints())));
    authority(
        "intermediate-damaged",
        "an authority with name constraints that cannot be read",
        kit.plan()
            .intermediate(
                b -> b.addExtension(Extension.nameConstraints, false, new ASN1Integer(1))));
    authority(
        "intermediate-unknown-critical",
        "an authority with a critical extension that nobody knows",
        kit.plan()
            .intermediate(b ->
                b.addExtension(new ASN1ObjectIdentifier("1.2.3.4"), true, new DERUTF8String("?"))));
    authority(
        "intermediate-for-tls",
        "an authority for TLS only",
        kit.plan()
            .intermediate(b ->
                b.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))));
    authority(
        "intermediate-sha-1",
        "an authority that was certified by SHA-1",
        kit.plan().algorithms("SHA1withECDSA", "SHA256withECDSA"));
    authority(
        "intermediate-no-authority",
        "an issuer that may not issue",
        kit.plan()
            .intermediate(b ->
                b.addExtension(Extension.basicConstraints, true, new BasicConstraints(false))));
    stampAuthority(
        "sha-1",
        "an authority that was certified by SHA-1",
        kit.plan().algorithms("SHA256withECDSA", "SHA1withECDSA"));
    stampAuthority(
        "root-names",
        "a root whose name constraints exclude the authority",
        kit.plan()
            .timeRoot(b -> {
              GeneralSubtree[] subtrees = {
                new GeneralSubtree(new GeneralName(GeneralName.directoryName, "O=bank"))
              };
              b.addExtension(Extension.nameConstraints, true, new NameConstraints(subtrees, null));
            }));
    stampAuthority(
        "root-damaged",
        "a root with name constraints that cannot be read",
        kit.plan()
            .timeRoot(b -> b.addExtension(Extension.nameConstraints, false, new ASN1Integer(1))));
  }
}
