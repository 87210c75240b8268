package dev.modelsigning.sigstore.identity;

import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * A port on all loopback addresses of this machine. A browser resolves {@code localhost} and may
 * use either address: a program that listens on the other one would receive what is meant for this
 * program.
 */
final class LoopbackPort implements AutoCloseable {

  private static final byte[] IPV4 = {127, 0, 0, 1};
  private static final byte[] IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  private static final int ATTEMPTS = 20;
  private static final int BACKLOG = 16;

  private final List<ServerSocket> sockets;

  private LoopbackPort(List<ServerSocket> sockets) {
    this.sockets = List.copyOf(sockets);
  }

  /**
   * Opens a port on all addresses.
   *
   * @param port the port, or 0 for any that is free on all addresses
   * @throws SigningException if the port is in use on any address
   */
  static LoopbackPort open(int port) throws IOException, SigningException {
    List<InetAddress> addresses = addresses();
    IOException last = new IOException("no loopback address");
    for (int attempt = 0; attempt < (port == 0 ? ATTEMPTS : 1); attempt++) {
      List<ServerSocket> bound = new ArrayList<>();
      try {
        int wanted = port;
        for (InetAddress address : addresses) {
          ServerSocket socket = listen(address, wanted);
          bound.add(socket);
          wanted = socket.getLocalPort();
        }
        return new LoopbackPort(bound);
      } catch (IOException e) {
        close(bound);
        last = e;
      }
    }
    throw new SigningException(
        port == 0
            ? "no port is free on all loopback addresses, to which the browser is to come back;"
                + " sign in out of band"
            : "the port "
                + port
                + ", to which the browser is to come back, is in use; choose another or none, or"
                + " sign in out of band",
        last);
  }

  /** The addresses of this machine; some machines have no IPv6, and some no IPv4. */
  private static List<InetAddress> addresses() throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    for (byte[] bytes : List.of(IPV4, IPV6)) {
      InetAddress address = InetAddress.getByAddress("localhost", bytes);
      if (exists(address)) {
        addresses.add(address);
      }
    }
    if (addresses.isEmpty()) {
      throw new IOException("this machine has no loopback address, so no browser can come back");
    }
    return addresses;
  }

  private static boolean exists(InetAddress address) {
    try (ServerSocket socket = listen(address, 0)) {
      return socket.isBound();
    } catch (IOException e) {
      // Any port would do, so the address does not exist.
      return false;
    }
  }

  private static ServerSocket listen(InetAddress address, int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(address, port), BACKLOG);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  int number() {
    return sockets.get(0).getLocalPort();
  }

  List<ServerSocket> sockets() {
    return sockets;
  }

  private static void close(List<ServerSocket> sockets) throws IOException {
    IOException problem = null;
    for (ServerSocket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        problem = e;
      }
    }
    if (problem != null) {
      throw problem;
    }
  }

  @Override
  public void close() throws IOException {
    close(sockets);
  }
}
