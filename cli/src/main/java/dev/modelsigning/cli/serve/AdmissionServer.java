package dev.modelsigning.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.modelsigning.cli.admission.Admission;
import dev.modelsigning.cli.admission.Answer;
import dev.modelsigning.cli.admission.MalformedReviewException;
import dev.modelsigning.cli.admission.Review;
import dev.modelsigning.cli.listen.Arrivals;
import dev.modelsigning.cli.listen.ByteBudget;
import dev.modelsigning.cli.listen.LimitedInput;
import dev.modelsigning.cli.listen.ServerThreads;
import dev.modelsigning.cli.listen.TlsArrivals;
import dev.modelsigning.cli.serve.Metrics.Outcome;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Answers reviews of the API server over HTTPS. Threads are busy only while a request arrives or an
 * answer leaves; between the two, a review waits for its verdicts without one. What is bounded:
 * connections, threads, queues, the time of each request, and the bytes of all that arrive at once.
 */
final class AdmissionServer implements AutoCloseable {

  /** The path of the webhook. */
  static final String PATH = "/validate";

  /** Each has buffers for TLS, some 150 KiB while a request arrives. */
  private static final long CONNECTION_BYTES = 256 * 1024;

  private static final int CONNECTIONS =
      (int) Math.min(2_000, Runtime.getRuntime().maxMemory() / CONNECTION_BYTES);
  private static final int READERS = 128;
  private static final int STATUS_READERS = 32;
  private static final int WRITERS = 8;
  private static final int WAITING = 2_000;

  /** Of all reviews that arrive at once. */
  private static final int MAX_BYTES = 4 * Review.MAX_SIZE;

  /** How long a request may take to arrive, and an answer to leave with what is before it. */
  private static final int ARRIVAL_SECONDS = 10;

  /** The same while others wait for a thread, or for bytes; handshakes of a thousand take time. */
  private static final Duration SLOW = Duration.ofSeconds(4);

  /** A request for a page is one packet. */
  private static final Duration SLOW_STATUS = Duration.ofMillis(200);

  /** How long a request waits for bytes. */
  private static final int BYTES_MILLIS = 3_000;

  private static final int ANSWER_SECONDS = 45;

  static {
    // The JDK reads these once, before its first server is made; what a user set is left.
    setting("sun.net.httpserver.maxReqTime", ARRIVAL_SECONDS);
    setting("sun.net.httpserver.maxRspTime", ANSWER_SECONDS);
    setting("jdk.httpserver.maxConnections", CONNECTIONS);
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final Admission admission;
  private final Supplier<String> policy;
  private final Duration timeout;
  private final Metrics metrics;
  private final Records records;
  private final HttpsServer server;
  private final List<HttpServer> servers = new ArrayList<>();
  private final ByteBudget bytes = new ByteBudget(MAX_BYTES, BYTES_MILLIS);
  private final Arrivals readers =
      new Arrivals("admission-read", READERS, WAITING, SLOW, bytes::isShort);
  private final ExecutorService writers = writers();
  private final Arrivals statusThreads =
      new Arrivals("admission-status", STATUS_READERS, WAITING, SLOW_STATUS, () -> false);
  private final ServerThreads threads = new ServerThreads();
  private final Optional<Supplier<ClientAuthority>> clients;
  private final Semaphore waiting = new Semaphore(WAITING);
  private volatile boolean ending;

  /** Requests without an answer; guarded by this. */
  private int open;

  /**
   * Creates a server, which listens, and answers from {@link #start} on.
   *
   * @param listen where the API server asks
   * @param status where the pages are by which a cluster looks after this server, by plain HTTP;
   *     empty if they are where reviews are
   * @param tls hands out the certificate
   * @param clients the authority of those whose reviews are answered; empty for all
   * @param admission decides
   * @param policy what decides, for records
   * @param timeout the largest time for an answer
   * @throws IOException if the addresses cannot be used
   */
  AdmissionServer(
      InetSocketAddress listen,
      Optional<InetSocketAddress> status,
      SSLContext tls,
      Optional<Supplier<ClientAuthority>> clients,
      Admission admission,
      Supplier<String> policy,
      Duration timeout,
      Metrics metrics,
      Records records)
      throws IOException {
    this.admission = admission;
    this.policy = policy;
    this.timeout = timeout;
    this.metrics = metrics;
    this.records = records;
    this.clients = clients;
    server = threads.watch(() -> at("--listen", listen, HttpsServer::create));
    servers.add(server);
    server.setHttpsConfigurator(new TlsArrivals(tls, readers, clients.isPresent()));
    server.setExecutor(readers);
    server.createContext("/", this::handle);
    StatusPages pages = new StatusPages(threads::areAlive, () -> !ending, metrics);
    if (status.isPresent()) {
      HttpServer plain;
      try {
        plain = threads.watch(() -> at("--status-listen", status.get(), HttpServer::create));
      } catch (IOException e) {
        close();
        throw e;
      }
      servers.add(plain);
      plain.setExecutor(statusThreads);
      pages.addTo(plain, statusThreads);
    } else {
      pages.addTo(server, readers);
    }
    metrics.gauge(
        "reviews_waiting",
        "Reviews that wait for verdicts.",
        () -> WAITING - waiting.availablePermits());
  }

  /** Makes a server at an address. */
  @FunctionalInterface
  private interface Making<T> {
    T make(InetSocketAddress address, int backlog) throws IOException;
  }

  private static <T> T at(String option, InetSocketAddress address, Making<T> making)
      throws IOException {
    try {
      return making.make(address, 0);
    } catch (BindException e) {
      throw new IOException(
          option
              + " "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + e.getMessage()
              + "; name another port, or an address of this machine",
          e);
    }
  }

  private static void setting(String name, int value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, Integer.toString(value));
    }
  }

  private static ThreadPoolExecutor writers() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            WRITERS,
            WRITERS,
            60,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(2 * WAITING),
            work -> {
              Thread thread = new Thread(work, "admission-write");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Begins to answer. */
  void start() throws IOException {
    for (HttpServer each : servers) {
      threads.watch(() -> {
        each.start();
        return each;
      });
    }
  }

  /** Where reviews are sent. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  /** Where the pages are by which a cluster looks after this server. */
  InetSocketAddress statusAddress() {
    return servers.get(servers.size() - 1).getAddress();
  }

  private void handle(HttpExchange exchange) {
    long start = System.nanoTime();
    opened(1);
    boolean waits = false;
    try {
      waits = receive(exchange, start);
    } catch (IOException e) {
      // The client is gone, or was too slow; it has no answer, and takes that for a refusal.
      metrics.count(Outcome.MALFORMED);
      exchange.close();
    } catch (RuntimeException | Error e) {
      records.defect(e);
      fail(exchange);
    } finally {
      if (!waits) {
        opened(-1);
      }
    }
  }

  private synchronized void opened(int more) {
    open += more;
    notifyAll();
  }

  private void fail(HttpExchange exchange) {
    try {
      HttpReply.refuse(
          exchange, HttpReply.INTERNAL_ERROR, "the webhook broke down, which its log explains");
    } catch (IOException e) {
      exchange.close();
    }
  }

  /** Whether the answer comes later. */
  private boolean receive(HttpExchange exchange, long start) throws IOException {
    if (clients.isPresent()
        && !(exchange instanceof HttpsExchange secured
            && clients.get().get().accepts(secured.getSSLSession()))) {
      metrics.count(Outcome.MALFORMED);
      HttpReply.refuse(
          exchange,
          HttpReply.FORBIDDEN,
          "reviews are answered for clients with a certificate of the authority of --client-ca,"
              + " which the API server presents if the file of its --admission-control-config-file"
              + " says so");
      return false;
    }
    if (!exchange.getRequestURI().getPath().equals(PATH)) {
      HttpReply.refuse(exchange, HttpReply.NOT_FOUND, "reviews are sent to " + PATH);
      return false;
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      HttpReply.refuse(exchange, HttpReply.METHOD_NOT_ALLOWED, "expected POST");
      return false;
    }
    String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
    if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      metrics.count(Outcome.MALFORMED);
      HttpReply.refuse(exchange, HttpReply.UNSUPPORTED_TYPE, "expected application/json");
      return false;
    }
    int size = size(exchange);
    if (size > Review.MAX_SIZE) {
      refuseTooLarge(exchange);
      return false;
    }
    Review review;
    try (LimitedInput body = new LimitedInput(exchange.getRequestBody(), Review.MAX_SIZE, bytes)) {
      review = Review.read(body);
    } catch (LimitedInput.TooLongException e) {
      refuseTooLarge(exchange);
      return false;
    } catch (ByteBudget.ExhaustedException e) {
      metrics.count(Outcome.BUSY);
      HttpReply.refuse(
          exchange, HttpReply.UNAVAILABLE, "too many reviews arrive at once; try again");
      return false;
    } catch (MalformedReviewException e) {
      metrics.count(Outcome.MALFORMED);
      String message = Printable.escape(String.valueOf(e.getMessage()));
      records.error("review-refused", message);
      HttpReply.refuse(exchange, HttpReply.BAD_REQUEST, message);
      return false;
    }
    readers.arrived();
    return decide(exchange, review, start);
  }

  private void refuseTooLarge(HttpExchange exchange) throws IOException {
    metrics.count(Outcome.MALFORMED);
    records.error("review-refused", "a review has more than " + Review.MAX_SIZE + " bytes");
    HttpReply.refuse(
        exchange,
        HttpReply.TOO_LARGE,
        "a review has at most " + Review.MAX_SIZE + " bytes; make the pod smaller");
  }

  /** The size that the client says; the largest if it says none. */
  private static int size(HttpExchange exchange) {
    String said = exchange.getRequestHeaders().getFirst("Content-Length");
    if (said == null || !said.strip().matches("[0-9]{1,9}")) {
      return said == null ? Review.MAX_SIZE : Integer.MAX_VALUE;
    }
    return Integer.parseInt(said.strip());
  }

  /** Whether the answer comes later. */
  private boolean decide(HttpExchange exchange, Review review, long start) throws IOException {
    if (!waiting.tryAcquire()) {
      metrics.count(Outcome.BUSY);
      reply(
          exchange,
          review,
          Answer.unavailable(WAITING + " reviews wait for verdicts already; try again later"),
          start);
      return false;
    }
    CompletableFuture<Answer> answer;
    try {
      Duration limit = Span.forAnswer(exchange.getRequestURI().getRawQuery(), timeout);
      answer = admission.decide(review, limit.minusNanos(System.nanoTime() - start));
    } catch (RuntimeException | Error e) {
      waiting.release();
      throw e;
    }
    if (answer.isDone()) {
      waiting.release();
      reply(exchange, review, answer.join(), start);
      return false;
    }
    CompletableFuture<Answer> unused =
        answer.whenComplete((found, failure) -> later(exchange, review, found, failure, start));
    return true;
  }

  /** Sends an answer that came later. */
  private void later(
      HttpExchange exchange,
      Review review,
      @Nullable Answer found,
      @Nullable Throwable failure,
      long start) {
    waiting.release();
    try {
      writers.execute(() -> {
        if (found != null) {
          replyOrEnd(exchange, review, found, start);
        } else {
          records.defect(failure == null ? new IllegalStateException("no answer") : failure);
          fail(exchange);
        }
        opened(-1);
      });
    } catch (RejectedExecutionException e) {
      metrics.count(Outcome.BUSY);
      exchange.close();
      opened(-1);
    }
  }

  private void replyOrEnd(HttpExchange exchange, Review review, Answer answer, long start) {
    try {
      reply(exchange, review, answer, start);
    } catch (IOException e) {
      exchange.close(); // the client is gone
    } catch (RuntimeException | Error e) {
      records.defect(e);
      exchange.close();
    }
  }

  private void reply(HttpExchange exchange, Review review, Answer answer, long start)
      throws IOException {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    metrics.answered(answer, took);
    records.review(review, answer, took);
    HttpReply.json(exchange, answer.json(review.uid(), policy.get()));
  }

  /**
   * Ends it: who looks whether it is ready is told at once, and reviews are answered for a while,
   * as the cluster goes on to send some; then no more are taken, and those that came are answered.
   *
   * @param grace how long reviews are taken
   */
  void end(Duration grace) throws InterruptedException {
    ending = true;
    Thread.sleep(grace.toMillis());
    awaitAnswers();
    close();
  }

  private synchronized void awaitAnswers() throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    for (long left = timeout.toMillis(); open > 0 && left > 0; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
  }

  @Override
  public void close() {
    ending = true;
    servers.forEach(each -> each.stop(0));
    readers.close();
    writers.shutdownNow();
    statusThreads.close();
  }
}
