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
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/** A time stamping authority in this process, which stamps whatever time a test wants. */
public final class TestTimestampAuthority {

  private final TestCertificate signer;
  private final List<TestCertificate> chain;

  /** An authority that signs by this certificate and sends these along. */
  public TestTimestampAuthority(TestCertificate signer, TestCertificate... chain) {
    this.signer = signer;
    this.chain = List.of(chain);
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

  /** The answer to a request. */
  public Bytes answer(TimeStampRequest request, Instant time) {
    try {
      BouncyCastleProvider provider = new BouncyCastleProvider();
      TimeStampTokenGenerator tokens =
          new TimeStampTokenGenerator(
              new JcaSignerInfoGeneratorBuilder(
                      new JcaDigestCalculatorProviderBuilder().setProvider(provider).build())
                  .build(
                      signer.contentSigner(),
                      new X509CertificateHolder(signer.certificate().getEncoded())),
              new JcaDigestCalculatorProviderBuilder()
                  .setProvider(provider)
                  .build()
                  .get(new AlgorithmIdentifier(TSPAlgorithms.SHA256)),
              new ASN1ObjectIdentifier("1.2.3.4.1"));
      tokens.addCertificates(
          new JcaCertStore(chain.stream().map(TestCertificate::certificate).toList()));
      TimeStampResponseGenerator responses =
          new TimeStampResponseGenerator(
              tokens, Set.of(TSPAlgorithms.SHA256, TSPAlgorithms.SHA512, TSPAlgorithms.SHA1));
      return Bytes.of(
          responses
              .generate(request, BigInteger.valueOf(time.toEpochMilli()), Date.from(time))
              .getEncoded());
    } catch (GeneralSecurityException | IOException | TSPException | OperatorCreationException e) {
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

  /** What a server answers. */
  @FunctionalInterface
  public interface Answers {
    /** The answer to a request, of which this is the number, from 1. */
    Reply to(byte[] request, int number) throws Exception;
  }

  /**
   * An answer over HTTP.
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
