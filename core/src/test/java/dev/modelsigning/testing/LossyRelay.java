package dev.modelsigning.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * Stands between clients and a server on the loopback interface, such as a {@link RegistryServer}.
 * It counts the bytes that go through it, loses a connection when it is told to, and lets a test
 * change what the server has before a request reaches it: so a test knows how much was read, sees
 * what is resumed, and changes things at the worst time.
 */
public final class LossyRelay implements AutoCloseable {

  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final Way toClients = new Way();
  private final Way toServer = new Way();
  private final int port;

  /** What is done before requests pass, in this order, each once. Guarded by itself. */
  private final Deque<Before> before = new ArrayDeque<>();

  /**
   * What is done before a request passes.
   *
   * @param request whether a first line is that of the request
   * @param what what is done
   */
  private record Before(Predicate<String> request, Runnable what) {}

  /** What goes in one direction, by all connections. */
  private static final class Way {

    private long passed;
    private long untilLoss = Long.MAX_VALUE;

    synchronized long passed() {
      return passed;
    }

    synchronized void loseAfter(long bytes) {
      untilLoss = bytes;
    }

    /** Counts what is about to pass; fewer than are asked for if the connection is lost then. */
    synchronized int pass(int bytes) {
      boolean lost = bytes > untilLoss;
      int passing = lost ? Math.toIntExact(untilLoss) : bytes;
      if (lost) {
        untilLoss = Long.MAX_VALUE;
      } else if (untilLoss != Long.MAX_VALUE) {
        untilLoss -= passing;
      }
      passed += passing;
      return passing;
    }
  }

  /**
   * A relay.
   *
   * @param server host and port of whom it stands before, on the loopback interface
   */
  public LossyRelay(String server) throws IOException {
    port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
    threads.execute(this::accept);
  }

  /** Host and port, in place of the server's. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** How many bytes the server has sent to clients, with the heads of its answers. */
  public long received() {
    return toClients.passed();
  }

  /** How many bytes clients have sent to the server, with the heads of their requests. */
  public long sent() {
    return toServer.passed();
  }

  /** Loses, once, the connection by which the server sends the byte after so many more. */
  public void loseAfterReceiving(long bytes) {
    toClients.loseAfter(bytes);
  }

  /** Loses, once, the connection by which a client sends the byte after so many more. */
  public void loseAfterSending(long bytes) {
    toServer.loseAfter(bytes);
  }

  /**
   * Does something once, before a request with such a first line reaches the server, and after what
   * was to be done earlier.
   */
  public void before(Predicate<String> request, Runnable what) {
    synchronized (before) {
      before.add(new Before(request, what));
    }
  }

  /** Whether all has been done that was to be done before requests. */
  public boolean hasDoneAll() {
    synchronized (before) {
      return before.isEmpty();
    }
  }

  /** Clients send the head of a request at once, and wait for its answer. */
  private void about(byte[] bytes, int length) {
    synchronized (before) {
      Before next = before.peek();
      if (next != null && next.request().test(firstLine(bytes, length))) {
        next.what().run();
        before.remove();
      }
    }
  }

  private static String firstLine(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        connections.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        // Closed by the test.
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      connections.add(server);
      threads.execute(() -> copy(client, server, toServer, this::about));
      copy(server, client, toClients, (bytes, length) -> {});
    } catch (IOException e) {
      // One of them went away.
    }
  }

  /** Sees what was read before it passes. */
  private interface Reader {
    void read(byte[] bytes, int length);
  }

  private static void copy(Socket from, Socket to, Way way, Reader reader) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16 * 1024];
      int read = in.read(buffer);
      while (read >= 0) {
        reader.read(buffer, read);
        int passing = way.pass(read);
        out.write(buffer, 0, passing);
        if (passing < read) {
          // What was written before still arrives where it is read at once.
          from.close();
          to.close();
          return;
        }
        read = in.read(buffer);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One of them went away.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : connections) {
      connection.close();
    }
    threads.shutdownNow();
  }
}
