package dev.modelsigning.hostile;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestCertificate.Plan;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/** Bundles whose certificates or time stamps are large in one way, signed by their own keys. */
public final class HostileCertificates {

  private static final String PAYLOAD = "{}";

  private HostileCertificates() {}

  /** All kinds. */
  public static List<HostileInput> all() {
    List<HostileInput> all = new ArrayList<>();
    all.add(chain("certificates, all the same", HostileCertificates::same));
    all.add(chain("certificates of one name and key", HostileCertificates::alike));
    all.add(chain("attributes of a subject", size -> signer("CN=x" + ",OU=y".repeat(n(size, 20)))));
    all.add(
        chain(
            "long attributes of a subject",
            size -> signer("CN=x" + (",OU=" + "y".repeat(10_000)).repeat(n(size, 10_000)))));
    all.add(
        chain(
            "extensions",
            size ->
                with(
                    n(size, 20),
                    (plan, i) ->
                        plan.extension(
                            new ASN1ObjectIdentifier("1.2.3." + i), false, DERNull.INSTANCE))));
    all.add(
        chain(
            "one unknown extension",
            size ->
                TestCertificate.named("CN=x")
                    .signer()
                    .extension(
                        new ASN1ObjectIdentifier("1.2.3"),
                        false,
                        new DEROctetString(new byte[n(size, 1)]))
                    .selfSigned()));
    all.add(
        chain(
            "alternative names",
            size ->
                TestCertificate.named("CN=x")
                    .signer()
                    .names(GeneralName.dNSName, numbered(n(size, 12), "a%d.example.com"))
                    .selfSigned()));
    all.add(
        chain(
            "extended key usages",
            size ->
                TestCertificate.named("CN=x")
                    .extension(
                        Extension.extendedKeyUsage,
                        false,
                        sequence(n(size, 6), i -> new ASN1ObjectIdentifier("1.2.3." + i)))
                    .selfSigned()));
    all.add(
        chain(
            "policies",
            size ->
                TestCertificate.named("CN=x")
                    .signer()
                    .extension(
                        Extension.certificatePolicies,
                        false,
                        new CertificatePolicies(
                            IntStream.range(0, n(size, 10))
                                .mapToObj(i ->
                                    new PolicyInformation(new ASN1ObjectIdentifier("1.2.3." + i)))
                                .toArray(PolicyInformation[]::new)))
                    .selfSigned()));
    all.add(chain("name constraints", HostileCertificates::constrained));
    all.add(chain("arcs of one object identifier", HostileCertificates::longIdentifier));
    all.add(
        chain(
            "depth of an extension",
            size -> withExtension(Extension.subjectAlternativeName, nested(n(size, 1)))));
    all.add(stamped("time stamps", HostileCertificates::manyStamps));
    all.add(stamped("certificates in a time stamp", HostileCertificates::stampWithCertificates));
    all.add(
        stamped(
            "certificates in twenty time stamps",
            (signature, size) ->
                Collections.nCopies(20, stampWithCertificates(signature, size / 20).get(0))));
    all.add(stamps("depth of a time stamp", size -> List.of(Bytes.of(nested(n(size, 1))))));
    all.add(
        stamps(
            "depth of a time stamp without lengths",
            size -> List.of(Bytes.of(indefinite(n(size, 1))))));
    all.add(
        stamps(
            "elements of a time stamp",
            size -> List.of(encoded(sequence(n(size, 3), i -> DERNull.INSTANCE)))));
    all.add(
        stamps(
            "a number in a time stamp",
            size ->
                List.of(
                    encoded(
                        new DERSequence(
                            new ASN1Integer(BigInteger.ONE.shiftLeft(8 * n(size, 1))))))));
    return all;
  }

  /** So many elements of about these bytes each, in Base64. */
  private static int n(long size, int each) {
    return (int) Math.max(1, size * 3 / 4 / each);
  }

  private static HostileInput chain(String name, LongFunction<Object> maker) {
    return new HostileInput(
        name,
        size -> {
          Object made = maker.apply(size);
          Bundle bundle =
              made instanceof TestCertificate signer ? signer.bundle(PAYLOAD) : (Bundle) made;
          return bundle.toJson().toArray();
        });
  }

  /** What makes time stamps over a signature. */
  private interface Stamping {
    List<Bytes> over(Bytes signature, long size);
  }

  private static HostileInput stamps(String name, LongFunction<List<Bytes>> maker) {
    return stamped(name, (signature, size) -> maker.apply(size));
  }

  private static HostileInput stamped(String name, Stamping maker) {
    return new HostileInput(
        name,
        size -> {
          Bundle bundle = signer("CN=x").bundle(PAYLOAD);
          List<Bytes> stamps = maker.over(bundle.envelope().signature(), size);
          return new Bundle(
                  bundle.mediaType(),
                  bundle.verificationMaterial(),
                  List.of(),
                  stamps,
                  bundle.envelope())
              .toJson()
              .toArray();
        });
  }

  private static TestCertificate signer(String name) {
    return TestCertificate.named(name).signer().selfSigned();
  }

  private interface Adding {
    Plan add(Plan plan, int number);
  }

  private static TestCertificate with(int number, Adding adding) {
    Plan plan = TestCertificate.named("CN=x").signer();
    for (int i = 0; i < number; i++) {
      plan = adding.add(plan, i);
    }
    return plan.selfSigned();
  }

  private static Bundle same(long size) {
    TestCertificate signer = signer("CN=x");
    TestCertificate[] chain = new TestCertificate[n(size, 450)];
    Arrays.fill(chain, signer);
    return signer.bundle(PAYLOAD, chain);
  }

  /** Each may have issued each. */
  private static Bundle alike(long size) {
    KeyPair keys = TestCertificate.newKeys("EC", "secp256r1");
    TestCertificate[] chain = new TestCertificate[Math.min(2000, n(size, 450))];
    Arrays.setAll(chain, i -> TestCertificate.named("CN=x").authority().keys(keys).selfSigned());
    return chain[0].signer("CN=y").bundle(PAYLOAD, chain);
  }

  private static Bundle constrained(long size) {
    int number = n(size, 30);
    GeneralSubtree[] subtrees = new GeneralSubtree[number];
    Arrays.setAll(
        subtrees,
        i -> new GeneralSubtree(new GeneralName(GeneralName.dNSName, "a" + i + ".example.com")));
    TestCertificate authority =
        TestCertificate.named("CN=ca")
            .authority()
            .extension(Extension.nameConstraints, true, new NameConstraints(subtrees, null))
            .selfSigned();
    return TestCertificate.named("CN=x")
        .signer()
        .names(GeneralName.dNSName, numbered(number, "a%d.example.com"))
        .issuedBy(authority)
        .bundle(PAYLOAD, authority);
  }

  private static TestCertificate longIdentifier(long size) {
    byte[] arcs = new byte[n(size, 1)];
    Arrays.fill(arcs, (byte) 0x81);
    arcs[0] = 0x2a;
    arcs[arcs.length - 1] = 1;
    return withExtension(Extension.extendedKeyUsage, tagged(0x30, tagged(0x06, arcs)));
  }

  /** A certificate with an extension that no library would write. */
  private static TestCertificate withExtension(ASN1ObjectIdentifier id, byte[] content) {
    KeyPair keys = TestCertificate.newKeys("EC", "secp256r1");
    X500Name name = new X500Name("CN=x");
    try {
      return new TestCertificate(
          new JcaX509CertificateConverter()
              .getCertificate(
                  new JcaX509v3CertificateBuilder(
                          name,
                          BigInteger.ONE,
                          Date.from(Instant.now().minusSeconds(3600)),
                          Date.from(Instant.now().plusSeconds(3600)),
                          name,
                          keys.getPublic())
                      .addExtension(id, false, content)
                      .build(new TestCertificate(null, keys).contentSigner())),
          keys);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String[] numbered(int number, String format) {
    return IntStream.range(0, number).mapToObj(format::formatted).toArray(String[]::new);
  }

  private static ASN1Sequence sequence(int number, IntFunction<ASN1Encodable> element) {
    ASN1EncodableVector elements = new ASN1EncodableVector(number);
    for (int i = 0; i < number; i++) {
      elements.add(element.apply(i));
    }
    return new DERSequence(elements);
  }

  private static List<Bytes> manyStamps(Bytes signature, long size) {
    TestTimestampAuthority authority =
        TestTimestampAuthority.below(TestCertificate.root("CN=stranger"));
    Bytes stamp = authority.stamp(signature, Instant.now());
    return Collections.nCopies(n(size, stamp.length()), stamp);
  }

  private static List<Bytes> stampWithCertificates(Bytes signature, long size) {
    TestCertificate root = TestCertificate.root("CN=stranger");
    TestCertificate signer = TestCertificate.named("CN=Test TSA").timestamping().issuedBy(root);
    TestCertificate[] chain = new TestCertificate[Math.min(3000, n(size, 450))];
    Arrays.setAll(
        chain,
        i -> i == 0 ? signer : TestCertificate.named("CN=x" + i).keys(root.keys()).issuedBy(root));
    return List.of(new TestTimestampAuthority(signer, chain).stamp(signature, Instant.now()));
  }

  /** Sequences in each other, each with its length. */
  private static byte[] nested(int size) {
    byte[] all = new byte[size];
    int start = size;
    int length = 0;
    while (start > 6) {
      byte[] head = head(0x30, length);
      start -= head.length;
      System.arraycopy(head, 0, all, start, head.length);
      length += head.length;
    }
    return Arrays.copyOfRange(all, start, size);
  }

  /** Sequences in each other without lengths (BER). */
  private static byte[] indefinite(int size) {
    byte[] all = new byte[size / 4 * 4];
    for (int i = 0; i < all.length / 2; i += 2) {
      all[i] = 0x30;
      all[i + 1] = (byte) 0x80;
    }
    return all;
  }

  private static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head(tag, content.length));
    all.writeBytes(content);
    return all.toByteArray();
  }

  private static byte[] head(int tag, int length) {
    return length < 0x80
        ? new byte[] {(byte) tag, (byte) length}
        : length < 0x10000
            ? new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length}
            : new byte[] {
              (byte) tag,
              (byte) 0x84,
              (byte) (length >> 24),
              (byte) (length >> 16),
              (byte) (length >> 8),
              (byte) length
            };
  }

  private static Bytes encoded(ASN1Encodable value) {
    try {
      return Bytes.of(value.toASN1Primitive().getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
