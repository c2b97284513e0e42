# frozen_string_literal: true

# Loaded into every Ruby that a target starts. It listens on a UNIX socket and answers one JSON object a line:
# {"id", "method", "params"} by {"id", "result"} or {"id", "error"}. It loads no gem: one that is loaded before Bundler
# chooses its version would keep the target from starting.

require 'socket'
require 'objspace'

module PlateauAgent
  # What `ruby service.rb` names relatively; the service may change its directory later.
  STARTED_IN = Dir.pwd
  autoload :Evidence, File.expand_path('plateau_evidence', __dir__)

  class << self
    def listen
      path = File.join(ENV.fetch('PLATEAU_RUBY_DIRECTORY'), "#{Process.pid}.socket")
      @server&.close
      # The path of a socket may have 107 characters.
      @server = path.bytesize > 100 ? listen_from(path) : UNIXServer.new(path)
      server = @server
      @thread = Thread.new { serve(server) }
      @thread.name = 'plateau'
      @thread.report_on_exception = false
      # Puma warns of threads that it finds before it forks, unless they say that they do not mind.
      @thread.thread_variable_set(:fork_safe, true)
    rescue KeyError, SystemCallError, IOError => e
      warn "plateau cannot look into this process: #{e.message}"
    end

    def own_thread?(thread)
      thread.equal?(@thread)
    end

    private

    def listen_from(path)
      Dir.open(File.dirname(path)) do |directory|
        UNIXServer.new("/proc/self/fd/#{directory.fileno}/#{File.basename(path)}")
      end
    end

    def serve(server)
      loop do
        client = server.accept
        while (line = client.gets)
          client.write(Json.generate(answer(line)), "\n")
        end
        client.close
      end
    rescue IOError, SystemCallError
      # The socket was closed: by a fork, which opens its own, or with plateau.
    end

    def answer(line)
      id = line[/"id":(\d+)/, 1].to_i
      method = line[/"method":"(\w+)"/, 1]
      { 'id' => id, 'result' => result_of(method) }
    rescue StandardError => e
      { 'id' => id, 'error' => "#{e.class}: #{e.message}" }
    end

    def result_of(method)
      case method
      when 'hello' then { 'version' => RUBY_VERSION, 'library' => RbConfig::CONFIG.values_at('rubylibdir', 'vendordir') }
      when 'floor' then floor
      when 'begin' then begin_recording
      when 'evidence' then collect && Evidence.read
      else raise ArgumentError, "unknown method #{method}"
      end
    end

    # Finalizers that the first collection runs let go of what the second one takes.
    def collect
      2.times { GC.start(full_mark: true, immediate_sweep: true) }
      true
    end

    def floor
      collect
      { 'heapUsed' => ObjectSpace.memsize_of_all, 'objects' => GC.stat(:heap_live_slots) }
    end

    def begin_recording
      collect
      ObjectSpace.trace_object_allocations_start
      {}
    end
  end

  # Workers are forks: each opens a socket of its own.
  module ListensInForks
    def _fork
      pid = super
      PlateauAgent.listen if pid.zero?
      pid
    end
  end

  # As much of JSON as answers need.
  module Json
    ESCAPED = /["\\\u0000-\u001f]/.freeze

    def self.generate(value)
      case value
      when Hash then "{#{value.map { |key, inner| "#{generate(key.to_s)}:#{generate(inner)}" }.join(',')}}"
      when Array then "[#{value.map { |inner| generate(inner) }.join(',')}]"
      when String, Symbol then quote(value.to_s)
      when nil then 'null'
      else value.to_s
      end
    end

    def self.quote(text)
      utf8 = text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
      "\"#{utf8.gsub(ESCAPED) { |character| format('\\u%04x', character.ord) }}\""
    end
  end
end

if ENV.key?('PLATEAU_RUBY_DIRECTORY')
  Process.singleton_class.prepend(PlateauAgent::ListensInForks) if Process.respond_to?(:_fork)
  PlateauAgent.listen
end
