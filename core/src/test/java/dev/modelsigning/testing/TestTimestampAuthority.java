package dev.modelsigning.testing;

import com.sun.net.httpserver.HttpServer;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cmp.PKIStatusInfo;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.tsp.MessageImprint;
import org.bouncycastle.asn1.tsp.TSTInfo;
import org.bouncycastle.asn1.tsp.TimeStampResp;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponseGenerator;

/** A Time Stamping Authority in this process, which states any time that a test requests. */
public final class TestTimestampAuthority {

  private final TestCertificate signer;
  private final List<X509Certificate> chain;
  private String algorithm = "";

  /** An authority that signs by this certificate and sends these along. */
  public TestTimestampAuthority(TestCertificate signer, TestCertificate... chain) {
    this.signer = signer;
    this.chain = Arrays.stream(chain).map(TestCertificate::certificate).toList();
  }

  /** Signs by this algorithm from now on, as the JDK calls it, and not by the usual one. */
  public TestTimestampAuthority signingWith(String signatureAlgorithm) {
    algorithm = signatureAlgorithm;
    return this;
  }

  /** An authority with a certificate issued by a root. */
  public static TestTimestampAuthority below(TestCertificate root) {
    TestCertificate signer = TestCertificate.named("CN=Test TSA").timestamping().issuedBy(root);
    return new TestTimestampAuthority(signer, signer);
  }

  /** The bundle with a time stamp over its signature. */
  public Bundle stamp(Bundle bundle, Instant time) {
    return bundle.withTimestamp(stamp(bundle.envelope().signature(), time));
  }

  /** A response over these bytes. */
  public Bytes stamp(Bytes bytes, Instant time) {
    return stamp(bytes, time, TSPAlgorithms.SHA256, "SHA-256");
  }

  /** A response over these bytes, digested by this algorithm. */
  public Bytes stamp(Bytes bytes, Instant time, ASN1ObjectIdentifier algorithm, String name) {
    try {
      TimeStampRequestGenerator request = new TimeStampRequestGenerator();
      request.setCertReq(true);
      return answer(
          request.generate(
              algorithm, MessageDigest.getInstance(name).digest(bytes.toArray()), BigInteger.ONE),
          time);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The answer to a request. The token is put together by hand, since no library makes bad ones.
   */
  public Bytes answer(TimeStampRequest request, Instant time) {
    try {
      BouncyCastleProvider provider = new BouncyCastleProvider();
      byte[] certificate = signer.certificate().getEncoded();
      TSTInfo info =
          new TSTInfo(
              new ASN1ObjectIdentifier("1.2.3.4.1"),
              new MessageImprint(
                  new AlgorithmIdentifier(request.getMessageImprintAlgOID()),
                  request.getMessageImprintDigest()),
              new ASN1Integer(time.toEpochMilli()),
              new ASN1GeneralizedTime(Date.from(time)),
              null,
              null,
              request.getNonce() == null ? null : new ASN1Integer(request.getNonce()),
              null,
              null);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate);
      Attribute identifier =
          new Attribute(
              PKCSObjectIdentifiers.id_aa_signingCertificateV2,
              new DERSet(new SigningCertificateV2(new ESSCertIDv2(digest))));
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(
                  new JcaDigestCalculatorProviderBuilder().setProvider(provider).build())
              .setSignedAttributeGenerator(parameters ->
                  // A time of signing of its own would contradict the time that is stamped.
                  new DefaultSignedAttributeTableGenerator(
                          new AttributeTable(new DERSet(identifier)))
                      .getAttributes(parameters)
                      .remove(CMSAttributes.signingTime))
              .build(
                  algorithm.isEmpty() ? signer.contentSigner() : signer.contentSigner(algorithm),
                  new X509CertificateHolder(certificate)));
      generator.addCertificates(new JcaCertStore(chain));
      CMSSignedData token =
          generator.generate(
              new CMSProcessableByteArray(
                  PKCSObjectIdentifiers.id_ct_TSTInfo, info.getEncoded("DER")),
              true);
      return Bytes.of(
          new TimeStampResp(new PKIStatusInfo(PKIStatus.granted), token.toASN1Structure())
              .getEncoded("DER"));
    } catch (GeneralSecurityException | IOException | CMSException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A response that grants nothing. */
  public static Bytes rejection(String text) {
    try {
      return Bytes.of(
          new TimeStampResponseGenerator(null, Set.of())
              .generateFailResponse(2, 1 << 25, text)
              .getEncoded());
    } catch (TSPException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The responses of a server. */
  @FunctionalInterface
  public interface Answers {
    /** The answer to a request, of which this is the number, from 1. */
    Reply to(byte[] request, int number) throws Exception;
  }

  /**
   * An HTTP response.
   *
   * @param status the status code
   * @param body the body
   */
  public record Reply(int status, Bytes body) {}

  /** A server on the loopback interface, to be closed by the test. */
  public static final class Server implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();

    /** A server that answers so. */
    public Server(Answers answers) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try {
              Reply reply =
                  answers.to(exchange.getRequestBody().readAllBytes(), requests.incrementAndGet());
              exchange.sendResponseHeaders(
                  reply.status(), reply.body().length() == 0 ? -1 : reply.body().length());
              exchange.getResponseBody().write(reply.body().toArray());
            } catch (IOException e) {
              throw e;
            } catch (Exception e) {
              throw new IOException(e);
            } finally {
              exchange.close();
            }
          });
      server.start();
    }

    /** Its address. */
    public URI uri() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/timestamp");
    }

    /** How often it was asked. */
    public int requests() {
      return requests.get();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  /** A server of this authority. */
  public Server serve() throws IOException {
    return new Server(
        (request, number) -> new Reply(200, answer(new TimeStampRequest(request), Instant.now())));
  }
}
