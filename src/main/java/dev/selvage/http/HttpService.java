package dev.selvage.http;

import com.sun.net.httpserver.HttpServer;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of HTTP/1.1 on one address. Each request that is being received or answered has a
 * thread: the JDK's server reads a request line by blocking, so that fewer threads than connections
 * would let slow clients stop all others. Connections that have sent nothing yet cost none.
 */
public final class HttpService implements AutoCloseable {
  /** Threads and connections: 1,000 clients that stop in the middle leave room for others. */
  private static final int CONNECTIONS = 1200;

  private static final int BACKLOG = 1024;

  /** For receiving a request, its body included: 20 MB over a slow line. */
  private static final int REQUEST_SECONDS = 120;

  /** For an answer, from the end of the request. */
  private static final int RESPONSE_SECONDS = 600;

  /** A stream of events ends in good order before its connection is closed. */
  private static final Duration LONGEST_STREAM = Duration.ofSeconds(RESPONSE_SECONDS - 30);

  private static final int THREAD_SECONDS = 10;
  private static final Duration CLOSING = Duration.ofSeconds(10);

  // the JDK's server reads these once, before the first one is made
  static {
    Map.of(
            "sun.net.httpserver.maxReqTime", REQUEST_SECONDS,
            "sun.net.httpserver.maxRspTime", RESPONSE_SECONDS,
            "sun.net.httpserver.idleInterval", 30,
            "sun.net.httpserver.maxIdleConnections", CONNECTIONS,
            "sun.net.httpserver.maxReqHeaderSize", 1 << 16,
            "jdk.httpserver.maxConnections", CONNECTIONS)
        .forEach(
            (name, value) -> {
              if (System.getProperty(name) == null) {
                System.setProperty(name, Integer.toString(value));
              }
            });
    // else the body of an answer waits 40 ms for the client's sign that it has the headers
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Exchanges exchanges;
  private final Listen listen;

  private HttpService(
      HttpServer server, Listen listen, Routes routes, RequestObserver observer, long bodies) {
    this.server = server;
    this.listen = listen;
    threads = threads();
    exchanges =
        new Exchanges(
            routes,
            new Access(listen, server.getAddress().getPort()),
            new BodyBudget(bodies),
            observer,
            LONGEST_STREAM);
    server.createContext("/", exchanges);
    server.setExecutor(threads);
    server.start();
  }

  /**
   * Starts to listen.
   *
   * @throws UserError the port is in use, or the host is none of this machine
   */
  public static HttpService start(Listen listen, Routes routes) {
    return start(listen, routes, (route, status, seconds, received, sent) -> {});
  }

  /**
   * Starts to listen.
   *
   * @param observer is told of every request that was answered
   * @throws UserError the port is in use, or the host is none of this machine
   */
  public static HttpService start(Listen listen, Routes routes, RequestObserver observer) {
    return start(listen, routes, observer, Runtime.getRuntime().maxMemory() / 4);
  }

  /** The same with a limit of the bytes that the bodies of all running requests may hold. */
  static HttpService start(Listen listen, Routes routes, RequestObserver observer, long bodies) {
    InetSocketAddress address = new InetSocketAddress(listen.address(), listen.port());
    try {
      return new HttpService(HttpServer.create(address, BACKLOG), listen, routes, observer, bodies);
    } catch (BindException e) {
      throw new UserError(
          "port %d of %s cannot be used (%s): expected one that is free and allowed; --port 0 takes any"
              .formatted(listen.port(), listen.host(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UserError(
          "port %d of %s cannot be used (%s)".formatted(listen.port(), listen.host(), e), e);
    }
  }

  private static ExecutorService threads() {
    AtomicInteger count = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        CONNECTIONS,
        THREAD_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "http-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** The address, such as {@code http://127.0.0.1:8000/}. */
  public URI address() {
    String host = listen.address().isAnyLocalAddress() ? "localhost" : listen.host();
    return URI.create(
        "http://%s:%d/".formatted(Access.bracketed(host), server.getAddress().getPort()));
  }

  /** The address to open in a browser: with the token, where one is needed. */
  public URI entry() {
    Optional<String> token = listen.token();
    return token.isEmpty() ? address() : address().resolve("?token=" + token.get());
  }

  /** Whether the service takes no more requests. */
  public boolean draining() {
    return exchanges.draining();
  }

  /**
   * Takes no more requests, waits for those that run, and stops. Meanwhile only probes are
   * answered, everything else gets 503, and streams of events end.
   *
   * @return whether all requests have ended within the limit; else their connections are closed
   */
  public boolean drain(Duration limit) {
    boolean done = exchanges.drain(limit);
    server.stop(0);
    threads.shutdownNow();
    return done;
  }

  /** Drains for some seconds at most, and stops. */
  @Override
  public void close() {
    drain(CLOSING);
  }
}
